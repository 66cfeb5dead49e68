package ledger.command.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.command.store.Append.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a node: takes whatever commands are waiting, and stores them in one {@linkplain GroupCommit transaction}.
 * There is no lingering: the next batch is what arrived while the last one was committing.
 */
public final class Appender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Appender.class);
    private static final int WAITING = 4096;
    private static final int BATCH = 512;
    private static final Duration MOST_PATIENCE = GroupCommit.PATIENCE.plusSeconds(10);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private record Pending(Append append, long since, CompletableFuture<Outcome> outcome) {

        /** Whoever waited for it has been told that its outcome is not known, and may have sent it again. */
        boolean isGivenUp() {
            return outcome.isDone();
        }

        void giveUpIfOverdue(long now) {
            if (now - since > MOST_PATIENCE.toNanos()) {
                outcome.cancel(false);
            }
        }
    }

    private final GroupCommit commits;
    private final BlockingQueue<Pending> waiting = new ArrayBlockingQueue<>(WAITING);
    private final DistributionSummary sizes;
    private final Timer durations;
    private final Map<Class<? extends Outcome>, Counter> outcomes;
    private final Thread thread;
    private volatile List<Pending> storing = List.of();
    private volatile boolean closed;

    /** {@code database} makes a connection of the appender's own, which it keeps. */
    public Appender(DataSource database, MeterRegistry metrics) {
        this.commits = new GroupCommit(database);
        this.outcomes = Map.of(
                Outcome.Stored.class, counter(metrics, "stored"),
                Outcome.Lost.class, counter(metrics, "lost"),
                Outcome.Taken.class, counter(metrics, "taken"),
                Outcome.Answered.class, counter(metrics, "answered"));
        this.sizes = DistributionSummary.builder("ledger.append.batch")
                .description("Commands that were stored in one transaction")
                .register(metrics);
        this.durations = Timer.builder("ledger.append.commit")
                .description("From when a batch was taken to when it was durable")
                .publishPercentiles(0.5, 0.99)
                .register(metrics);
        Gauge.builder("ledger.append.waiting", waiting, BlockingQueue::size)
                .description("Commands that wait for their turn to be stored")
                .register(metrics);
        Thread.ofVirtual().name("ledger-appender-watch").start(this::watch);
        this.thread = Thread.ofPlatform().name("ledger-appender").unstarted(this::work);
        thread.start();
    }

    /**
     * Stores it and returns once it is durable, or says why it was not stored.
     *
     * @throws ledger.api.Rejected {@code overloaded} when too many wait: nothing was stored; {@code unavailable} when the database did
     *     not answer in time: it may have been stored, and a repeat with the same idempotency key finds out
     */
    Outcome append(Append append) {
        Pending pending = new Pending(append, System.nanoTime(), new CompletableFuture<>());
        if (closed || !waiting.offer(pending)) {
            throw Problem.OVERLOADED.because("too many commands are waiting to be stored: repeat it shortly");
        }
        try {
            return pending.outcome.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException refused ? refused : new IllegalStateException(e.getCause());
        } catch (CancellationException e) {
            throw Problem.UNAVAILABLE.because(
                    "the database has not answered: whether the command was stored is not known yet");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.UNAVAILABLE.because("the ledger is stopping: whether the command was stored is not known");
        }
    }

    /** Keeps the answer of a command that changed nothing, when its client gave it a key. */
    public void remember(Execution execution, UUID stream, long version) {
        if (execution.key() != null) {
            remember(execution, execution.key().answer(stream, version, execution.position()));
        }
    }

    /** Keeps a refusal, when the client gave its command a key. */
    public void remember(Execution execution, Rejected rejected) {
        if (execution.key() != null) {
            remember(execution, execution.key().answer(rejected));
        }
    }

    private void remember(Execution execution, Answer answer) {
        Append append = new Append(execution.tenant(), List.of(), List.of(), null, List.of(), answer);
        if (append(append) instanceof Outcome.Answered(Answer first)) {
            throw new AlreadyAnswered(first);
        }
    }

    /** Stores what waits, and stops. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(GroupCommit.PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        while (!closed || !waiting.isEmpty()) {
            List<Pending> batch = next();
            if (!batch.isEmpty()) {
                answer(batch);
            }
        }
        commits.close();
    }

    /**
     * The database may be silent for longer than anybody should wait: a timer for each command would cost more than its decision. Also
     * for what came too late when this was closed.
     */
    private void watch() {
        try {
            while (!closed || !waiting.isEmpty()) {
                Thread.sleep(LOOK);
                long now = System.nanoTime();
                storing.forEach(one -> one.giveUpIfOverdue(now));
                waiting.forEach(one -> one.giveUpIfOverdue(now));
                waiting.removeIf(Pending::isGivenUp);
            }
        } catch (InterruptedException stopping) {
            LOG.debug("stopping");
        }
    }

    private List<Pending> next() {
        List<Pending> batch = new ArrayList<>();
        try {
            if (!closed) {
                batch.add(waiting.take());
            }
        } catch (InterruptedException stopping) {
            LOG.debug("stopping");
        }
        waiting.drainTo(batch, BATCH - batch.size());
        batch.removeIf(Pending::isGivenUp);
        storing = batch;
        return batch;
    }

    private void answer(List<Pending> batch) {
        long begin = System.nanoTime();
        try {
            List<Outcome> ended =
                    commits.store(batch.stream().map(Pending::append).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).outcome.complete(ended.get(i));
            }
            durations.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
            sizes.record(batch.size());
            ended.forEach(this::count);
        } catch (OutcomeUnknown e) {
            LOG.error("whether {} commands were stored is not known", batch.size(), e);
            refuse(
                    batch,
                    Problem.UNAVAILABLE.because("the database went away: whether the command was stored is not known"));
        } catch (SQLException e) {
            refuse(batch, e);
        } catch (RuntimeException | Error e) {
            commits.close();
            refuse(batch, e);
        }
    }

    /** Nothing was stored. Where one command is at fault, its neighbours are stored without it. */
    private void refuse(List<Pending> batch, SQLException e) {
        if (!GroupCommit.isAboutData(e)) {
            LOG.error("{} commands could not be stored", batch.size(), e);
            refuse(batch, Problem.UNAVAILABLE.because("the database cannot be written to: nothing was stored"));
        } else if (batch.size() > 1) {
            batch.forEach(one -> answer(List.of(one)));
        } else {
            LOG.error("a command could not be stored", e);
            refuse(batch, new IllegalStateException("the database refused what a command stores", e));
        }
    }

    private static void refuse(List<Pending> batch, Throwable refusal) {
        batch.forEach(one -> one.outcome.completeExceptionally(refusal));
    }

    private void count(Outcome outcome) {
        Objects.requireNonNull(outcomes.get(outcome.getClass())).increment();
    }

    private static Counter counter(MeterRegistry metrics, String outcome) {
        return Counter.builder("ledger.append.outcomes")
                .description("How appends ended: stored, or lost to another writer, a taken claim or an earlier answer")
                .tag("outcome", outcome)
                .register(metrics);
    }
}
