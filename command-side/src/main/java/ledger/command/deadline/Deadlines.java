package ledger.command.deadline;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import ledger.api.TenantId;
import ledger.command.deadline.DueRows.Fired;
import ledger.command.domain.Due;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires what is due: for live tenants by itself, from a thread of its own, and for a simulated one when its clock is advanced.
 * At least once, on any number of nodes; since a stale deadline does nothing, each has exactly one effect. After an outage
 * every missed deadline fires in order, with its own time.
 */
public final class Deadlines implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
    private static final int LEASED_AT_ONCE = 2_000;
    private static final int FIRED_AT_ONCE = 256;
    private static final Duration LONGEST_NAP = Duration.ofMillis(250);

    /** Carries a deadline out: loads the stream, does what is due at that instant, and returns once that is durable. */
    public interface Effect {
        /** These are about to be carried out. */
        void expect(Collection<UUID> streams);

        /** The position of the last event that it led to, or 0 when there was nothing to do. */
        long elapse(TenantId tenant, UUID stream, Due.What what, Instant at);
    }

    /** What an advance of a simulated clock led to. */
    public record Advanced(int fired, long position) {}

    private final DueRows due;
    private final Effect effect;
    private final Clock clock;
    private final Timer lateness;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore firing = new Semaphore(FIRED_AT_ONCE);
    private final Thread thread;
    private volatile boolean closed;

    public Deadlines(DataSource database, Effect effect, Clock clock, MeterRegistry metrics) {
        this.due = new DueRows(database);
        this.effect = effect;
        this.clock = clock;
        this.lateness = Timer.builder("ledger.deadline.lateness")
                .description("From when a deadline was due to when its effect was durable")
                .publishPercentiles(0.5, 0.99)
                .register(metrics);
        this.thread = Thread.ofPlatform().name("ledger-deadlines").daemon().unstarted(this::work);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        threads.close();
    }

    /** When the tenant's next deadline is due, if it has any. */
    public Optional<Instant> next(TenantId tenant) {
        return due.nextSimulated(tenant);
    }

    /** How long the oldest deadline of a live tenant has been due without having had its effect; zero when there is none. */
    public Duration late() {
        Instant now = clock.instant();
        return due.oldestLive()
                .filter(at -> at.isBefore(now))
                .map(at -> Duration.between(at, now))
                .orElse(Duration.ZERO);
    }

    /** Fires what of a simulated tenant is due at or before {@code now}, in order of time, as much as is leased at once. */
    public Advanced fire(TenantId tenant, Instant now) {
        List<Fired> leased = due.leaseSimulated(tenant, now, LEASED_AT_ONCE);
        return new Advanced(leased.size(), fire(leased));
    }

    /** A moment for whoever holds the leases on what is due. */
    public void awaitOthers() {
        rest();
    }

    /** How late deadlines have had their effect on this node lately. */
    public HistogramSnapshot lateness() {
        return lateness.takeSnapshot();
    }

    private void work() {
        while (!closed) {
            try {
                List<Fired> leased = due.leaseLive(clock.instant(), LEASED_AT_ONCE);
                if (leased.isEmpty()) {
                    nap();
                } else {
                    fire(leased);
                    leased.forEach(one -> lateness.record(Duration.between(one.at(), clock.instant())));
                }
            } catch (InterruptedException stopping) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("deadlines could not be fired and will be tried again: {}", e.toString());
                rest();
            }
        }
    }

    /** In parallel; returns the last position when all are done, or fails with the first failure. */
    private long fire(List<Fired> leased) {
        effect.expect(leased.stream().map(Fired::stream).toList());
        List<Future<Long>> all =
                leased.stream().map(one -> threads.submit(() -> carryOut(one))).toList();
        long position = 0;
        RuntimeException failure = null;
        for (Future<Long> one : all) {
            try {
                position = Math.max(position, one.get());
            } catch (ExecutionException e) {
                failure = e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("stopping", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
        return position;
    }

    private long carryOut(Fired one) throws InterruptedException {
        firing.acquire();
        try {
            return effect.elapse(one.tenant(), one.stream(), one.what(), one.at());
        } catch (RuntimeException e) {
            LOG.warn("deadline {} of {} at {} failed and will be tried again", one.what(), one.stream(), one.at(), e);
            due.release(one);
            throw e;
        } finally {
            firing.release();
        }
    }

    /** Until the next deadline, but not for long: another node may arm an earlier one. */
    private void nap() throws InterruptedException {
        Duration left = due.nextLive()
                .map(next -> Duration.between(clock.instant(), next))
                .filter(until -> until.compareTo(LONGEST_NAP) < 0)
                .orElse(LONGEST_NAP);
        Thread.sleep(left.isNegative() ? Duration.ofMillis(1) : left);
    }

    private static void rest() {
        try {
            Thread.sleep(LONGEST_NAP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
