package ledger.query.job;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import ledger.api.Problem;
import ledger.api.TenantId;
import ledger.http.Caller;
import ledger.query.Outages;
import ledger.query.job.Job.State;
import ledger.query.job.JobTable.Claimed;
import ledger.query.job.JobTable.Order;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Takes jobs in, and works on those that nobody works on. A node holds a lease on what it is at; when that lapses because the
 * node died, another one goes on from the last checkpoint.
 */
@Component
public class Jobs implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration AFTER_AN_OUTAGE = Duration.ofSeconds(2);
    private static final int AT_ONCE = 2;

    private final JobTable table;
    private final ObjectProvider<Work> works;
    private final Map<UUID, Run> running = new ConcurrentHashMap<>();
    private final Map<UUID, Thread> threads = new ConcurrentHashMap<>();
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean going;
    private @Nullable Thread watch;

    Jobs(JobTable table, ObjectProvider<Work> works) {
        this.table = table;
        this.works = works;
    }

    /**
     * Has it done in the background, here or on another node. The same request again, known by its key, finds the job that it
     * started; another one while that is at it is refused.
     */
    public Job submit(String kind, String subject, Caller caller, @Nullable String key) {
        requireValid(key);
        Order order = new Order(kind, subject, caller.tenant(), caller.actor(), key);
        Optional<Job> before = key == null ? Optional.empty() : table.byKey(order);
        if (before.isPresent()) {
            return sameRequest(before.get(), order);
        }
        Optional<UUID> id = table.insert(order);
        if (id.isEmpty()) {
            Optional<Job> same = key == null ? Optional.empty() : table.byKey(order);
            return same.map(job -> sameRequest(job, order)).orElseThrow(() -> busy(order));
        }
        wake.release();
        return table.find(caller.tenant(), id.get()).orElseThrow();
    }

    /** Refuses while a job is at it. */
    public void requireIdle(String subject) {
        table.busy(subject).ifPresent(job -> {
            throw busy(job);
        });
    }

    /** The last one of its kind on a subject. */
    public Optional<Job> last(String kind, String subject) {
        return table.newest(kind, subject);
    }

    List<Job> list(TenantId tenant, @Nullable State state, @Nullable Instant before, int most) {
        return table.newest(tenant, state, before, most);
    }

    /** To be seen by the callers of this tenant. */
    public Job find(TenantId tenant, UUID id) {
        return table.find(tenant, id).orElseThrow(() -> Problem.JOB_NOT_FOUND.because("there is no job " + id));
    }

    Job pause(TenantId tenant, UUID id) {
        return change(tenant, id, State.RUNNING, State.PAUSED);
    }

    Job resume(TenantId tenant, UUID id) {
        return change(tenant, id, State.PAUSED, State.RUNNING);
    }

    Job cancel(TenantId tenant, UUID id) {
        Job job = find(tenant, id);
        if (!table.cancel(id) && find(tenant, id).state() != State.CANCELED) {
            throw finished(find(tenant, id));
        }
        wake.release();
        if (!running.containsKey(id) && table.isMine(id)) {
            work(job.kind()).ifPresent(work -> work.abandon(job.subject()));
            table.releaseCanceled(id);
        }
        return find(tenant, id);
    }

    private Job change(TenantId tenant, UUID id, State from, State to) {
        find(tenant, id);
        table.change(id, from, to);
        Job job = find(tenant, id);
        if (job.state().isFinished()) {
            throw finished(job);
        }
        wake.release();
        return job;
    }

    private static RuntimeException finished(Job job) {
        return Problem.JOB_FINISHED.because("the job is " + job.state());
    }

    private static void requireValid(@Nullable String key) {
        if (key != null && (key.isBlank() || key.length() > 255 || !key.chars().allMatch(c -> c >= ' ' && c <= '~'))) {
            throw Problem.INVALID_PARAMETER.because("Idempotency-Key must be 1 to 255 printable ASCII characters");
        }
    }

    private static Job sameRequest(Job job, Order order) {
        if (job.kind().equals(order.kind()) && job.subject().equals(order.subject())) {
            return job;
        }
        throw Problem.IDEMPOTENCY_KEY_REUSED.because("the key belongs to the job " + job.jobId());
    }

    private RuntimeException busy(Order order) {
        return table.busy(order.subject())
                .map(Jobs::busy)
                .orElseGet(() -> Problem.CONFLICT.because("another job has just ended; try again"));
    }

    private static RuntimeException busy(Job job) {
        return Problem.JOB_RUNNING.because(
                "the %s %s of %s is at it".formatted(job.kind(), job.jobId(), job.startedBy()),
                Map.of("jobId", job.jobId()));
    }

    @Override
    public void start() {
        going = true;
        watch = Thread.ofVirtual().name("jobs").start(this::watch);
    }

    /** What it is at goes on elsewhere, from its last checkpoint. */
    @Override
    public void stop() {
        going = false;
        wake.release();
        running.values().forEach(Run::stop);
        try {
            if (watch != null) {
                watch.join(LOOK);
            }
            for (Thread thread : threads.values()) {
                thread.join(LOOK.multipliedBy(5));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return going;
    }

    /** After what follows the ledger, and stopped before it. */
    @Override
    public int getPhase() {
        return 2;
    }

    private void watch() {
        while (going) {
            try {
                running.values().forEach(this::renew);
                takeWhatIsIdle();
            } catch (DataAccessException e) {
                LOG.debug("Jobs cannot be looked for now", e);
            }
            try {
                if (wake.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void renew(Run run) {
        Optional<State> state = table.renew(run.id(), run.done(), run.total(), run.rate());
        if (state.filter(State.RUNNING::equals).isEmpty()) {
            run.stop();
        }
    }

    private void takeWhatIsIdle() {
        for (JobTable.Idle idle : table.idle()) {
            Optional<Work> work = work(idle.kind()).filter(it -> it.accepts(idle.subject()));
            if (work.isPresent() && running.size() < AT_ONCE && !running.containsKey(idle.id())) {
                table.claim(idle.id()).ifPresent(claimed -> launch(work.get(), claimed));
            }
        }
    }

    /** On a thread of the platform's own: what computes for minutes would keep requests from theirs. */
    private void launch(Work work, Claimed claimed) {
        Run run = new Run(table, claimed);
        running.put(run.id(), run);
        Thread thread = Thread.ofPlatform().name("job-" + work.kind()).daemon().unstarted(() -> carryOut(work, run));
        threads.put(run.id(), thread);
        thread.start();
    }

    private void carryOut(Work work, Run run) {
        Duration pause = Duration.ZERO;
        try {
            work.run(run);
        } catch (Run.Stopped _) {
            LOG.debug("Job {} was stopped", run.id());
        } catch (RuntimeException | Error e) {
            if (Outages.isOutage(e) && !Outages.isDiskFull(e)) {
                LOG.warn("Job {} goes on after an outage: {}", run.id(), Outages.reason(e));
                pause = AFTER_AN_OUTAGE;
            } else {
                LOG.error("Job {} failed", run.id(), e);
                fail(
                        work,
                        run,
                        (Outages.isDiskFull(e) ? "the disk of the database is full: " : "") + Outages.reason(e));
            }
        }
        end(work, run, pause);
    }

    /** Clears away first: what is to be noted may need the room. */
    private void fail(Work work, Run run, String error) {
        try {
            work.abandon(run.subject());
            table.fail(run.id(), error);
        } catch (DataAccessException e) {
            LOG.warn("Job {} is tried again: {}", run.id(), e.getMessage());
        }
    }

    /** One that was canceled, however late, is let go when what it began is cleared away. */
    private void end(Work work, Run run, Duration pause) {
        try {
            if (!table.release(run.id(), pause)) {
                work.abandon(run.subject());
                table.releaseCanceled(run.id());
            }
        } catch (DataAccessException e) {
            LOG.warn("The lease of job {} lapses by itself: {}", run.id(), e.getMessage());
        } finally {
            running.remove(run.id());
            threads.remove(run.id());
            wake.release();
        }
    }

    private Optional<Work> work(String kind) {
        return Optional.ofNullable(byKind().get(kind));
    }

    private Map<String, Work> byKind() {
        return works.stream().collect(toUnmodifiableMap(Work::kind, identity()));
    }
}
