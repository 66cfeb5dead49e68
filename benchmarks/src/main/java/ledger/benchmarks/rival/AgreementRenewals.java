package ledger.benchmarks.rival;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import ledger.benchmarks.rival.Agreement.Subscribe;
import ledger.benchmarks.rival.Agreement.Term;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.deadline.dbscheduler.DbSchedulerDeadlineManager;
import org.axonframework.deadline.dbscheduler.DbSchedulerDeadlineManagerSupplier;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.modelling.command.AggregateScopeDescriptor;
import org.axonframework.serialization.Serializer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Renewals by Axon's deadlines on db-scheduler, with the way of polling that its guide has for high rates. */
@RestController
public final class AgreementRenewals {

    private static final int THREADS = 24;
    private static final Duration LOOK = Duration.ofMillis(50);

    private final JdbcTemplate database;
    private final CommandGateway commands;
    private final Scheduler scheduler;
    private final DbSchedulerDeadlineManager deadlines;

    AgreementRenewals(
            DataSource source,
            CommandGateway commands,
            EventSourcingRepository<Agreement> agreements,
            TransactionManager transactions,
            Serializer serializer) {
        this.database = new JdbcTemplate(source);
        this.commands = commands;
        createTable();
        DbSchedulerDeadlineManagerSupplier manager = new DbSchedulerDeadlineManagerSupplier();
        this.scheduler = Scheduler.create(source, DbSchedulerDeadlineManager.binaryTask(manager))
                .threads(THREADS)
                .pollUsingLockAndFetch(1, 4)
                .pollingInterval(Duration.ofMillis(100))
                .build();
        this.deadlines = DbSchedulerDeadlineManager.builder()
                .scheduler(scheduler)
                .scopeAwareProvider(_ -> Stream.of(agreements))
                .serializer(serializer)
                .transactionManager(transactions)
                .startScheduler(false)
                .build();
        manager.set(deadlines);
        scheduler.pause();
        scheduler.start();
    }

    /** As its documentation has it for PostgreSQL. */
    private void createTable() {
        database.execute("""
                create table if not exists scheduled_tasks (
                    task_name text not null, task_instance text not null, task_data bytea, execution_time timestamptz not null,
                    picked boolean not null, picked_by text, last_success timestamptz, last_failure timestamptz,
                    consecutive_failures int, last_heartbeat timestamptz, version bigint not null, priority smallint,
                    primary key (task_name, task_instance));
                create index if not exists execution_time_idx on scheduled_tasks (execution_time);
                create index if not exists last_heartbeat_idx on scheduled_tasks (last_heartbeat)
                """);
    }

    /** So many agreements, all due. Nothing is fired yet. */
    @PostMapping("/renewals/due")
    void schedule(@RequestParam int count) {
        database.execute("truncate scheduled_tasks");
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            IntStream.range(0, count).forEach(_ -> threads.execute(this::schedule));
        }
        database.execute("vacuum analyze scheduled_tasks");
    }

    private void schedule() {
        UUID id = UUID.randomUUID();
        commands.sendAndWait(new Subscribe(id, id.toString(), "pro", new Term(1, "MONTH"), 1, "UTC"));
        deadlines.schedule(
                Instant.now(), Agreement.RENEWAL, null, new AggregateScopeDescriptor("Agreement", id.toString()));
    }

    /** How many were fired and stored in how long. */
    public record Fired(int count, long nanos) {}

    /** Fires what is due, for no longer than so many seconds. */
    @PostMapping("/renewals")
    Fired fire(@RequestParam int seconds) throws InterruptedException {
        int due = left();
        long begin = System.nanoTime();
        scheduler.resume();
        while (left() > 0 && System.nanoTime() - begin < seconds * 1_000_000_000L) {
            Thread.sleep(LOOK);
        }
        Fired fired = new Fired(due - left(), System.nanoTime() - begin);
        scheduler.pause();
        return fired;
    }

    private int left() {
        return Objects.requireNonNull(database.queryForObject("select count(*) from scheduled_tasks", Integer.class));
    }
}
