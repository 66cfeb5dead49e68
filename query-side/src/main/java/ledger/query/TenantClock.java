package ledger.query;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import ledger.api.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What time it is for a tenant: its own, where it is simulated, and the system's otherwise. */
@Component
public class TenantClock {

    private final JdbcClient database;
    private final Clock clock;

    TenantClock(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Asks the ledger every time: to remember it even for a moment could show a term as over that is not. */
    public Instant now(TenantId tenant) {
        return database.sql("select now from ledger.clock where tenant = ? and now is not null")
                .param(tenant.value())
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant)
                .orElseGet(clock::instant);
    }
}
