package ledger.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import ledger.api.AuditEvent;
import ledger.api.EventTypes;
import ledger.api.LedgerEvent;
import ledger.api.PlanEvent;
import ledger.api.ProductEvent;
import ledger.api.SubscriptionEvent;
import ledger.api.TenantId;
import ledger.api.UsageEvent;
import ledger.testing.TestDatabase;
import org.flywaydb.core.Flyway;

/** A ledger for tests of its readers: writes events as the command side does, one commit each. */
public final class Ledger {

    private final TestDatabase database;
    private final Map<UUID, Long> versions = new HashMap<>();

    private Ledger(TestDatabase database) {
        this.database = database;
    }

    public static Ledger create() {
        Ledger ledger = unmigrated();
        ledger.migrate();
        return ledger;
    }

    static Ledger unmigrated() {
        return new Ledger(TestDatabase.create());
    }

    void migrate() {
        Flyway.configure()
                .dataSource(database.dataSource())
                .schemas("ledger")
                .locations("classpath:db/ledger")
                .load()
                .migrate();
    }

    public TestDatabase database() {
        return database;
    }

    /** Stores the events of tenant {@code default}, and answers the position of the last. */
    public long append(LedgerEvent... events) {
        long position = 0;
        for (LedgerEvent event : events) {
            position = append("default", event);
        }
        return position;
    }

    public long append(String tenant, LedgerEvent event) {
        UUID stream = switch (event) {
            case SubscriptionEvent e -> e.subscription().value();
            case PlanEvent e -> e.plan().streamIn(new TenantId(tenant));
            case ProductEvent e -> stream(tenant, "product " + e.product());
            case UsageEvent e -> stream(tenant, "usage " + e.subscription() + " " + e.metric());
            case AuditEvent e -> stream(tenant, "audit " + e.actor());
        };
        long version = versions.merge(stream, 0L, (last, _) -> last + 1);
        return append(
                tenant,
                stream,
                version,
                event.at(),
                EventTypes.of(event.getClass()).value(),
                StoredJson.write(event));
    }

    /** Stores whatever it is told to. */
    public long append(String tenant, UUID stream, long version, String type, String payload) {
        return append(tenant, stream, version, Instant.now(), type, payload);
    }

    private long append(String tenant, UUID stream, long version, Instant at, String type, String payload) {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("""
                    insert into ledger.event (position, tenant, stream_id, stream_type, version, event_id, type, revision,
                        effective_at, payload, metadata)
                    select coalesce(max(position), 0) + 1, ?, ?, ?, ?, gen_random_uuid(), ?, 1, ?, ?::json, '{}'
                    from ledger.event returning position, pg_notify('ledger_appended', position::text)""")) {
                insert.setString(1, tenant);
                insert.setObject(2, stream);
                insert.setString(3, type.substring(0, type.indexOf('.')));
                insert.setLong(4, version);
                insert.setString(5, type);
                insert.setObject(6, at.atOffset(ZoneOffset.UTC));
                insert.setString(7, payload);
                try (ResultSet inserted = insert.executeQuery()) {
                    inserted.next();
                    long position = inserted.getLong(1);
                    connection.commit();
                    return position;
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stores so many events of a tenant at once, each with this payload, and answers the position of the last. */
    public long fill(String tenant, int count, String payload) {
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement("""
                    insert into ledger.event (position, tenant, stream_id, stream_type, version, event_id, type, revision,
                        effective_at, payload, metadata)
                    select (select coalesce(max(position), 0) from ledger.event) + n, ?, gen_random_uuid(), 'subscription', 0,
                        gen_random_uuid(), 'subscription.renewed', 1, timestamptz '2026-01-31' + n * interval '1 ms', ?::json,
                        json_build_object('actor', 'test')
                    from generate_series(1, ?) n""");
                Statement told = connection.createStatement()) {
            connection.setAutoCommit(false);
            insert.setString(1, tenant);
            insert.setString(2, payload);
            insert.setInt(3, count);
            insert.executeUpdate();
            try (ResultSet last = told.executeQuery(
                    "select position, pg_notify('ledger_appended', position::text) from ledger.event order by 1 desc limit 1")) {
                last.next();
                long position = last.getLong(1);
                connection.commit();
                return position;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void execute(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public Connection connect() throws SQLException {
        return database.connect();
    }

    /** The one number that a query answers. */
    public long count(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static UUID stream(String tenant, String name) {
        return UUID.nameUUIDFromBytes((tenant + name).getBytes(UTF_8));
    }
}
