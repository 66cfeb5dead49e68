package ledger.command.store;

import static java.util.stream.Collectors.groupingBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import ledger.api.CustomerId;
import ledger.api.LedgerEvent;
import ledger.api.TenantId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/**
 * Reads the streams of one tenant at a time: a stream of another tenant is not there. Nor is, for a customer, the subscription
 * of another one: the database answers for both as it does for an id that nobody has, in one question and the same time.
 */
public final class Streams {

    private static final String READ = """
            select position, tenant, stream_id, version, event_id, stream_type, type, effective_at, revision, payload
            from ledger.event where stream_id = ? and tenant = ? and version between ? and ? order by version
            """;

    /**
     * A subscription's first event says whose it is, and it is that customer's for ever. PostgreSQL looks at it once and, where
     * it is another's, at no other event: to a customer a long history and none are the same, also in time.
     */
    private static final String READ_OWN = """
            select position, tenant, stream_id, version, event_id, stream_type, type, effective_at, revision, payload
            from ledger.event where stream_id = ? and tenant = ? and version between ? and ?
                and not exists (select from ledger.event first where first.stream_id = ? and first.version = 0
                    and first.stream_type = 'subscription' and first.payload ->> 'customer' is distinct from ?)
            order by version
            """;

    private static final String READ_LAST = """
            select position, tenant, stream_id, version, event_id, stream_type, type, effective_at, revision, payload
            from ledger.event where stream_id = ? and tenant = ? order by version desc limit 1
            """;

    private static final String READ_ALL = """
            select position, tenant, stream_id, version, event_id, stream_type, type, effective_at, revision, payload
            from ledger.event where stream_id = any (?) order by stream_id, version
            """;

    /** An event with its place in the ledger. */
    public record Stored(
            long position,
            TenantId tenant,
            UUID stream,
            long version,
            UUID id,
            String streamType,
            Instant effectiveAt,
            LedgerEvent event) {}

    private final DataSource database;

    public Streams(DataSource database) {
        this.database = database;
    }

    /** The events of a stream from one version to another, both included; empty when there are none. */
    public List<Stored> read(TenantId tenant, UUID stream, long from, long to) {
        return read(tenant, null, stream, from, to);
    }

    /** The same as {@code owner} may see them, if that is not null. */
    public List<Stored> read(TenantId tenant, @Nullable CustomerId owner, UUID stream, long from, long to) {
        return query(owner == null ? READ : READ_OWN, select -> {
            select.setObject(1, stream);
            select.setString(2, tenant.value());
            select.setLong(3, from);
            select.setLong(4, to);
            if (owner != null) {
                select.setObject(5, stream);
                select.setString(6, owner.value());
            }
        });
    }

    /** What a command has to be decided on, from a version on. */
    List<Stored> read(Execution execution, UUID stream, long from) {
        if (execution.isLastEnough()) {
            return query(READ_LAST, select -> {
                select.setObject(1, stream);
                select.setString(2, execution.tenant().value());
            });
        }
        return read(execution.tenant(), execution.owner(), stream, from, Long.MAX_VALUE);
    }

    /** The events of many streams, of whatever tenants. */
    public Map<UUID, List<Stored>> readAll(Collection<UUID> streams) {
        if (streams.isEmpty()) {
            return Map.of();
        }
        return query(
                        READ_ALL,
                        select -> select.setArray(
                                1, select.getConnection().createArrayOf("uuid", streams.toArray(UUID[]::new))))
                .stream()
                .collect(groupingBy(Stored::stream));
    }

    private interface Parameters {
        void set(PreparedStatement select) throws SQLException;
    }

    private List<Stored> query(String sql, Parameters parameters) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            parameters.set(select);
            List<Stored> events = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    events.add(stored(rows));
                }
            }
            return events;
        } catch (SQLException e) {
            var translated = new SQLStateSQLExceptionTranslator().translate("reading a stream", sql, e);
            throw translated == null ? new UncategorizedSQLException("reading a stream", sql, e) : translated;
        }
    }

    /** All events of a stream. */
    public List<LedgerEvent> events(TenantId tenant, UUID stream) {
        return read(tenant, stream, 0, Long.MAX_VALUE).stream()
                .map(Stored::event)
                .toList();
    }

    /** The last position of the ledger; 0 while it is empty. */
    public long head() {
        return JdbcClient.create(database)
                .sql("select coalesce(max(position), 0) from ledger.event")
                .query(Long.class)
                .single();
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                row.getLong(1),
                new TenantId(row.getString(2)),
                row.getObject(3, UUID.class),
                row.getLong(4),
                row.getObject(5, UUID.class),
                row.getString(6),
                row.getObject(8, OffsetDateTime.class).toInstant(),
                StoredJson.event(row.getString(7), row.getInt(9), row.getString(10)));
    }
}
