package ledger.command.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import ledger.api.CustomerId;
import ledger.api.EventTypes;
import ledger.api.LedgerEvent;
import ledger.api.ProductSlug;
import ledger.api.TenantId;
import ledger.api.UsageCommand.RecordUsage;
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
            select position, version, event_id, stream_type, type, effective_at, payload
            from ledger.event where stream_id = ? and tenant = ? and version between ? and ? order by version
            """;

    /** A subscription's first event says whose it is, and it is that customer's for ever. */
    private static final String READ_OWN = """
            select position, version, event_id, stream_type, type, effective_at, payload
            from ledger.event where stream_id = ? and tenant = ? and version between ? and ?
                and not exists (select from ledger.event first where first.stream_id = event.stream_id and first.version = 0
                    and first.stream_type = 'subscription' and first.payload ->> 'customer' is distinct from ?)
            order by version
            """;

    /** An event with its place in the ledger. */
    public record Stored(
            long position, long version, UUID id, String streamType, Instant effectiveAt, LedgerEvent event) {}

    private final DataSource database;

    public Streams(DataSource database) {
        this.database = database;
    }

    public static UUID product(TenantId tenant, ProductSlug product) {
        return named(tenant + "/product/" + product);
    }

    /** The stream that counts a metric: one for each period, so that the books are closed; one for all time for an allocation. */
    public static UUID usage(TenantId tenant, RecordUsage usage) {
        String counted = tenant + "/usage/" + usage.subscription() + "/" + usage.metric();
        return named(
                switch (usage.limit().kind()) {
                    case PER_PERIOD -> counted + "/" + usage.period().number();
                    case ALLOCATION -> counted;
                });
    }

    /** The events of a stream from one version to another, both included; empty when there are none. */
    public List<Stored> read(TenantId tenant, UUID stream, long from, long to) {
        return read(tenant, null, stream, from, to);
    }

    /** The same as {@code owner} may see them, if that is not null. */
    List<Stored> read(TenantId tenant, @Nullable CustomerId owner, UUID stream, long from, long to) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(owner == null ? READ : READ_OWN)) {
            select.setObject(1, stream);
            select.setString(2, tenant.value());
            select.setLong(3, from);
            select.setLong(4, to);
            if (owner != null) {
                select.setString(5, owner.value());
            }
            List<Stored> events = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    events.add(stored(rows));
                }
            }
            return events;
        } catch (SQLException e) {
            var translated = new SQLStateSQLExceptionTranslator().translate("reading a stream", READ, e);
            throw translated == null ? new UncategorizedSQLException("reading a stream", READ, e) : translated;
        }
    }

    /** All events of a stream. */
    public List<LedgerEvent> events(TenantId tenant, UUID stream) {
        return events(tenant, stream, Long.MAX_VALUE);
    }

    /** The events of a stream up to a version. */
    public List<LedgerEvent> events(TenantId tenant, UUID stream, long to) {
        return events(tenant, null, stream, to);
    }

    /** The same as {@code owner} may see them, if that is not null. */
    public List<LedgerEvent> events(TenantId tenant, @Nullable CustomerId owner, UUID stream, long to) {
        return read(tenant, owner, stream, 0, to).stream().map(Stored::event).toList();
    }

    /** The last position of the ledger; 0 while it is empty. */
    public long head() {
        return JdbcClient.create(database)
                .sql("select coalesce(max(position), 0) from ledger.event")
                .query(Long.class)
                .single();
    }

    private Stored stored(ResultSet row) throws SQLException {
        LedgerEvent event = StoredJson.MAPPER.readValue(row.getString(7), EventTypes.named(row.getString(5)));
        return new Stored(
                row.getLong(1),
                row.getLong(2),
                row.getObject(3, UUID.class),
                row.getString(4),
                row.getObject(6, OffsetDateTime.class).toInstant(),
                event);
    }

    private static UUID named(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }
}
