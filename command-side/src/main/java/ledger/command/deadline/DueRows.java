package ledger.command.deadline;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import ledger.api.TenantId;
import ledger.command.domain.Due;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is due, and who is firing it. A lease is not a lock: the append that a deadline leads to replaces the very row. */
final class DueRows {

    /** Long enough for a commit that waits for a slow disk, short enough for a node that died. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final String LEASE_LIVE = lease("not simulated");
    private static final String LEASE_SIMULATED = lease("simulated and tenant = :tenant");

    record Fired(UUID stream, TenantId tenant, Instant at, Due.What what) {}

    private final JdbcClient database;

    DueRows(DataSource database) {
        this.database = JdbcClient.create(database);
    }

    /** The deadlines of live tenants at or before {@code now}, the oldest first, for this node alone while the lease lasts. */
    List<Fired> leaseLive(Instant now, int most) {
        return sorted(database.sql(LEASE_LIVE)
                .param("now", utc(now))
                .param("most", most)
                .param("lease", LEASE.toSeconds())
                .query((row, _) -> fired(row))
                .list());
    }

    List<Fired> leaseSimulated(TenantId tenant, Instant now, int most) {
        return sorted(database.sql(LEASE_SIMULATED)
                .param("tenant", tenant.value())
                .param("now", utc(now))
                .param("most", most)
                .param("lease", LEASE.toSeconds())
                .query((row, _) -> fired(row))
                .list());
    }

    /** When live tenants' next deadline is, as far as nobody fires it already. */
    Optional<Instant> nextLive() {
        return first("select min(due_at) from ledger.due where not simulated and leased_until is null", null);
    }

    /** The same, whoever fires it. */
    Optional<Instant> oldestLive() {
        return first("select min(due_at) from ledger.due where not simulated", null);
    }

    Optional<Instant> nextSimulated(TenantId tenant) {
        return first("select min(due_at) from ledger.due where simulated and tenant = :tenant", tenant);
    }

    /** Lets another attempt be made at once. */
    void release(Fired fired) {
        database.sql("update ledger.due set leased_until = null where stream_id = ? and due_at = ?")
                .param(fired.stream())
                .param(utc(fired.at()))
                .update();
    }

    private Optional<Instant> first(String sql, @Nullable TenantId tenant) {
        var query = database.sql(sql);
        if (tenant != null) {
            query = query.param("tenant", tenant.value());
        }
        return query.query((row, _) -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant))
                .single();
    }

    private static String lease(String whose) {
        return """
               update ledger.due set leased_until = clock_timestamp() + make_interval(secs => :lease)
               where stream_id in (
                   select stream_id from ledger.due
                   where %s and due_at <= :now and (leased_until is null or leased_until < clock_timestamp())
                   order by due_at limit :most for update skip locked)
               returning stream_id, tenant, due_at, what
               """.formatted(whose);
    }

    private static List<Fired> sorted(List<Fired> fired) {
        return fired.stream().sorted(Comparator.comparing(Fired::at)).toList();
    }

    private static Fired fired(ResultSet row) throws SQLException {
        return new Fired(
                row.getObject("stream_id", UUID.class),
                new TenantId(row.getString("tenant")),
                row.getObject("due_at", OffsetDateTime.class).toInstant(),
                Due.What.valueOf(row.getString("what")));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
