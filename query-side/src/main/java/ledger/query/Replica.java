package ledger.query;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * A server that follows the ledger's own a moment behind, for reading views there ({@code LEDGER_REPLICA_URL}). A request goes on
 * there once it shows what the request must see. Where it is away or far behind, the ledger's own server answers, as if there were
 * none; and always about the past, the time and whatever is written.
 */
@Component
final class Replica implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

    private static final String READS = Replica.class.getName();

    /** Nothing of a replica that has not heard for a while of those who move the views on: they tell every few seconds. */
    private static final String POSITION = "select position from views.projection where name = ? and version = ? "
            + "and stage = 'SERVED' and claimed_at > clock_timestamp() - interval '10 seconds'";

    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final Duration AWAY = Duration.ofSeconds(1);
    private static final int CONNECTIONS = 20;

    private final @Nullable HikariDataSource pool;
    private volatile long triedAgainAt = System.nanoTime();

    Replica(@Value("${ledger.replica.url}") String url, JdbcConnectionDetails database, Versions versions) {
        this.pool = url.isBlank() ? null : pool(url.strip(), database, versions);
    }

    private static HikariDataSource pool(String url, JdbcConnectionDetails database, Versions versions) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("replica");
        config.setJdbcUrl(url);
        config.setUsername(database.getUsername());
        config.setPassword(database.getPassword());
        config.setConnectionInitSql("set role ledger_query; set search_path = " + versions.searchPath());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(AWAY.toMillis());
        config.setInitializationFailTimeout(-1); // it may come later
        return new HikariDataSource(config);
    }

    boolean isThere() {
        return pool != null;
    }

    /** The position that a group's views have there, if that is enough: then the request that this thread serves reads there. */
    OptionalLong reached(Generation served, @Nullable Long wanted) {
        RequestAttributes request = RequestContextHolder.getRequestAttributes();
        if (pool == null
                || request == null
                || Boolean.FALSE.equals(attribute(request))
                || triedAgainAt - System.nanoTime() > 0) {
            return OptionalLong.empty();
        }
        try {
            OptionalLong position = await(pool, served, wanted == null ? 0 : wanted);
            if (position.isPresent()) {
                read(true);
            }
            return position;
        } catch (SQLException e) {
            leave(e);
            return OptionalLong.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalLong.empty();
        }
    }

    private static OptionalLong await(HikariDataSource pool, Generation served, long wanted)
            throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Connection connection = pool.getConnection();
                PreparedStatement ask = connection.prepareStatement(POSITION)) {
            ask.setString(1, served.group());
            ask.setInt(2, served.version());
            while (true) {
                try (ResultSet row = ask.executeQuery()) {
                    boolean isAlive = row.next();
                    if (isAlive && row.getLong(1) >= wanted) {
                        return OptionalLong.of(row.getLong(1));
                    }
                    if (!isAlive || System.nanoTime() - deadline > 0) {
                        return OptionalLong.empty();
                    }
                }
                Thread.sleep(LOOK);
            }
        }
    }

    /** A connection to it, if the request that this thread serves reads there and it answers. */
    @Nullable
    Connection connection() {
        try {
            return pool != null && isRead() ? pool.getConnection() : null;
        } catch (SQLException e) {
            leave(e);
            avoid();
            return null;
        }
    }

    private void leave(SQLException failure) {
        LOG.warn("The replica does not answer: {}", failure.getMessage());
        triedAgainAt = System.nanoTime() + AWAY.toNanos();
    }

    private static boolean isRead() {
        RequestAttributes request = RequestContextHolder.getRequestAttributes();
        return request != null && Boolean.TRUE.equals(attribute(request));
    }

    /** From here on the request that this thread serves reads nothing there. */
    void avoid() {
        read(false);
    }

    private void read(boolean here) {
        RequestAttributes request = RequestContextHolder.getRequestAttributes();
        if (pool != null && request != null) {
            request.setAttribute(READS, here, RequestAttributes.SCOPE_REQUEST);
        }
    }

    /** Reads one thing elsewhere. */
    <T> T without(Supplier<T> question) {
        if (!isRead()) {
            return question.get();
        }
        read(false);
        try {
            return question.get();
        } finally {
            read(true);
        }
    }

    private static @Nullable Object attribute(RequestAttributes request) {
        return request.getAttribute(READS, RequestAttributes.SCOPE_REQUEST);
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.close();
        }
    }
}
