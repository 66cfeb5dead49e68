package ledger.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * An empty database of its own for a test, with its owner's rights. All of them are on one server, which starts with the first:
 * a container where a Docker engine answers, embedded elsewhere. That server does not survive a crash, for speed; what must
 * be durable is tested on a {@link DurableServer}.
 */
public record TestDatabase(String url, String user, String password) {

    private static final AtomicInteger CREATED = new AtomicInteger();

    public static TestDatabase create() {
        return Shared.SERVER.createDatabase();
    }

    /** Another database on the server of this one. */
    TestDatabase createDatabase() {
        String name = "test_" + CREATED.incrementAndGet();
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("no database on " + url, e);
        }
        return new TestDatabase(url.substring(0, url.lastIndexOf('/') + 1) + name, user, password);
    }

    public Connection connect() throws SQLException {
        return dataSource().getConnection();
    }

    /** Unpooled: every call opens a connection. */
    public DataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(user);
        source.setPassword(password);
        return source;
    }

    static TestDatabase on(EmbeddedPostgres server) {
        return new TestDatabase(
                "jdbc:postgresql://localhost:" + server.getPort() + "/postgres", "postgres", "postgres");
    }

    /** What an embedded server of a test needs, wherever it runs: its locale must not depend on what the machine has. */
    static EmbeddedPostgres.Builder embedded() {
        return EmbeddedPostgres.builder()
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setLocaleConfig("locale", "C")
                .setServerConfig("max_connections", "300")
                .setServerConfig("synchronous_commit", "on")
                .setPGStartupWait(Duration.ofMinutes(1));
    }

    private static final class Shared {

        static final TestDatabase SERVER =
                DockerClientFactory.instance().isDockerAvailable() ? inContainer() : inThisMachine();

        @SuppressWarnings("resource") // it ends with the JVM
        private static TestDatabase inContainer() {
            var container = new PostgreSQLContainer("postgres:18")
                    .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=300");
            container.start();
            return new TestDatabase(container.getJdbcUrl(), container.getUsername(), container.getPassword());
        }

        private static TestDatabase inThisMachine() {
            try {
                return on(embedded().start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
