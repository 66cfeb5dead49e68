package ledger.query;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import ledger.api.TenantId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What time it is for a tenant: its own, where it is simulated, and the system's otherwise. */
@Component
public class TenantClock {

    record Reading(Instant now, boolean simulated) {}

    private final JdbcClient database;
    private final Clock clock;
    private final Replica replica;
    private final Set<TenantId> real = ConcurrentHashMap.newKeySet();

    TenantClock(JdbcClient database, Clock clock, Replica replica) {
        this.database = database;
        this.clock = clock;
        this.replica = replica;
    }

    public Instant now(TenantId tenant) {
        return of(tenant).now;
    }

    /**
     * Asks the ledger every time whose clock is simulated: to remember that time even for a moment could show a term as over that is
     * not. A tenant that has been used in real time stays in it.
     */
    Reading of(TenantId tenant) {
        return real.contains(tenant) ? new Reading(clock.instant(), false) : replica.without(() -> ask(tenant));
    }

    private Reading ask(TenantId tenant) {
        return database.sql("""
                        select clock.now, coalesce(clock.used, false)
                        from (values (?)) asked (tenant) left join ledger.clock using (tenant)
                        """)
                .param(tenant.value())
                .query((row, _) -> {
                    Instant simulated = instant(row, 1);
                    if (simulated == null && row.getBoolean(2)) {
                        real.add(tenant);
                    }
                    return new Reading(Objects.requireNonNullElseGet(simulated, clock::instant), simulated != null);
                })
                .single();
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
