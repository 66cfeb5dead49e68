package ledger.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import ledger.api.Problem;
import ledger.command.deadline.Deadlines;
import ledger.command.store.DerivedRows;
import ledger.http.Allowed;
import ledger.http.Caller;
import ledger.http.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What is due, as those see it who keep the ledger running. */
@RestController
@RequestMapping("/v1/admin/deadlines")
class DeadlineController {

    private static final String COUNT = """
            select count(*) due, count(*) filter (where d.due_at <= coalesce(c.now, :now)) overdue, min(d.due_at) next
            from ledger.due d left join ledger.clock c on c.tenant = d.tenant
            where d.tenant = :tenant or :all
            """;

    private final JdbcClient database;
    private final Deadlines deadlines;
    private final DerivedRows derived;
    private final Clock clock;

    DeadlineController(
            @Qualifier("ledgerDataSource") DataSource database, Deadlines deadlines, DerivedRows derived, Clock clock) {
        this.database = JdbcClient.create(database);
        this.deadlines = deadlines;
        this.derived = derived;
        this.clock = clock;
    }

    /**
     * How many deadlines there are, how many have passed without effect so far, and when the first of them is. Lateness is that of
     * the last minutes on the node that answers, in milliseconds.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DeadlinesView(long due, long overdue, @Nullable Instant next, Lateness lateness) {}

    record Lateness(long fired, double p50, double p99, double max) {

        static Lateness of(HistogramSnapshot seen) {
            return new Lateness(seen.count(), at(0.5, seen), at(0.99, seen), seen.max(TimeUnit.MILLISECONDS));
        }

        private static double at(double percentile, HistogramSnapshot seen) {
            return Arrays.stream(seen.percentileValues())
                    .filter(value -> value.percentile() == percentile)
                    .mapToDouble((ValueAtPercentile value) -> value.value(TimeUnit.MILLISECONDS))
                    .findAny()
                    .orElse(0);
        }
    }

    /** Those of the caller's tenant; the default tenant, which runs the cell, sees all. */
    @Allowed({Role.AUDITOR, Role.ADMIN})
    @GetMapping
    DeadlinesView deadlines(Caller caller) {
        Lateness lateness = Lateness.of(deadlines.lateness());
        return database.sql(COUNT)
                .param("tenant", caller.tenant().value())
                .param("all", caller.tenant().equals(Caller.DEFAULT_TENANT))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .query((row, _) -> {
                    OffsetDateTime next = row.getObject("next", OffsetDateTime.class);
                    return new DeadlinesView(
                            row.getLong("due"),
                            row.getLong("overdue"),
                            next == null ? null : next.toInstant(),
                            lateness);
                })
                .single();
    }

    /** Whether claims and deadlines are what the events say; of all tenants, so for admins of the default one. */
    @Allowed(Role.ADMIN)
    @PostMapping("/check")
    DerivedRows.Report check(Caller caller) {
        requireDefault(caller);
        return derived.check();
    }

    /** Makes the deadlines that differ again from the events; answers what differed. */
    @Allowed(Role.ADMIN)
    @PostMapping("/rebuild")
    DerivedRows.Report rebuild(Caller caller) {
        requireDefault(caller);
        return derived.rebuildDue();
    }

    private static void requireDefault(Caller caller) {
        if (!caller.tenant().equals(Caller.DEFAULT_TENANT)) {
            throw Problem.FORBIDDEN.because("it is about all tenants, so the default one's admins may");
        }
    }
}
