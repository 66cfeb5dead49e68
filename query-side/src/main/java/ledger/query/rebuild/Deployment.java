package ledger.query.rebuild;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.http.Caller;
import ledger.http.Role;
import ledger.query.Generation;
import ledger.query.Projections;
import ledger.query.job.Jobs;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Has the tables built that this version reads and that are not there yet: in a new database, and when a fold has changed. */
@Component
class Deployment implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Deployment.class);
    private static final Caller SELF = new Caller(Caller.DEFAULT_TENANT, "deployment", Set.of(Role.ADMIN));
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(10);

    private final Projections projections;
    private final Jobs jobs;
    private volatile boolean going;
    private @Nullable Thread thread;

    Deployment(Projections projections, Jobs jobs) {
        this.projections = projections;
        this.jobs = jobs;
    }

    @Override
    public void start() {
        going = true;
        thread = Thread.ofVirtual().name("deployment").start(this::build);
    }

    @Override
    public void stop() {
        going = false;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return going;
    }

    /** After the jobs. */
    @Override
    public int getPhase() {
        return 3;
    }

    private void build() {
        boolean asked = false;
        try {
            while (going && !projections.isBuilt()) {
                List<Generation> unbuilt = projections.unbuilt();
                unbuilt.forEach(this::ask);
                asked |= !unbuilt.isEmpty();
                Thread.sleep(asked ? AFTER_A_FAILURE : LOOK);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // it is to stop
        }
    }

    private void ask(Generation generation) {
        try {
            jobs.submit(Rebuild.KIND, generation.subject(), SELF, null);
        } catch (Rejected refused) {
            if (refused.problem() != Problem.JOB_RUNNING) {
                LOG.warn("{} is not built: {}", generation.schema(), refused.detail());
            }
        } catch (DataAccessException e) {
            LOG.debug("{} cannot be built now", generation.schema(), e);
        }
    }
}
