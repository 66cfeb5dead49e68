package ledger.command;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import ledger.api.Problem;
import ledger.api.TenantId;
import ledger.command.domain.Claims;
import ledger.command.store.Execution;
import ledger.command.store.Memory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What time it is: the one {@link Clock} of the system, and for a tenant with a simulated clock what that says. A tenant
 * becomes simulated while it is empty or never, so that live ones need not be looked up again.
 */
final class TenantTime implements World {

    private final Clock clock;
    private final JdbcClient database;
    private final Set<TenantId> live = ConcurrentHashMap.newKeySet();

    TenantTime(Clock clock, DataSource database) {
        this.clock = clock;
        this.database = JdbcClient.create(database);
    }

    @Override
    public Instant now(TenantId tenant) {
        return live.contains(tenant) ? real() : simulated(tenant).orElseGet(this::real);
    }

    @Override
    public void claim(List<Claims> changes) {
        Execution.current().claim(changes);
    }

    @Override
    public void keep(Memory aggregate) {
        Execution.current().keep(aggregate);
    }

    /** The tenant's simulated time, if that is what it lives in. */
    Optional<Instant> simulated(TenantId tenant) {
        record Row(boolean used, Optional<Instant> now) {}
        Optional<Row> row = database.sql("select used, now from ledger.clock where tenant = ?")
                .param(tenant.value())
                .query((columns, _) -> new Row(
                        columns.getBoolean(1),
                        Optional.ofNullable(columns.getObject(2, OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)))
                .optional();
        if (row.filter(it -> it.used && it.now.isEmpty()).isPresent()) {
            live.add(tenant);
        }
        return row.flatMap(Row::now);
    }

    /** Makes the clock of an empty tenant a simulated one, or sets it again while the tenant is still empty. */
    void simulate(TenantId tenant, Instant now) {
        int changed = database.sql("""
                        insert into ledger.clock (tenant, used, now) values (?, false, ?)
                        on conflict (tenant) do update set now = excluded.now
                            where not clock.used or clock.now = excluded.now
                        """)
                .param(tenant.value())
                .param(now.atOffset(ZoneOffset.UTC))
                .update();
        if (changed == 0) {
            throw simulated(tenant).isPresent()
                    ? Problem.CLOCK_IS_SET.because("the tenant has events: its clock can only be advanced")
                    : Problem.CLOCK_IS_LIVE.because("the tenant has events that happened in real time");
        }
    }

    /** Moves a simulated clock forward; never back. */
    void moveTo(TenantId tenant, Instant now) {
        database.sql("update ledger.clock set now = greatest(now, ?) where tenant = ? and now is not null")
                .param(now.atOffset(ZoneOffset.UTC))
                .param(tenant.value())
                .update();
    }

    private Instant real() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
