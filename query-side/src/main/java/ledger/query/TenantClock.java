package ledger.query;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import ledger.api.TenantId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What time it is for a tenant: its own, where it is simulated, and the system's otherwise. */
@Component
public class TenantClock {

    /** {@code now} is the tenant's time, {@code recording} that of the database, by which it is stated when events were recorded. */
    record Reading(Instant now, boolean simulated, Instant recording) {}

    private final JdbcClient database;
    private final Clock clock;

    TenantClock(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Asks the ledger every time: to remember it even for a moment could show a term as over that is not. */
    public Instant now(TenantId tenant) {
        return of(tenant).now();
    }

    Reading of(TenantId tenant) {
        return database.sql("select (select now from ledger.clock where tenant = ?), clock_timestamp()")
                .param(tenant.value())
                .query((row, _) -> {
                    Instant simulated = instant(row, 1);
                    Instant now = Objects.requireNonNullElseGet(simulated, clock::instant);
                    return new Reading(now, simulated != null, Objects.requireNonNull(instant(row, 2)));
                })
                .single();
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
