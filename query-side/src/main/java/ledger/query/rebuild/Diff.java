package ledger.query.rebuild;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import ledger.http.Caller;
import ledger.http.Role;
import ledger.query.Generation;
import ledger.query.Generation.Stage;
import ledger.query.Progress;
import ledger.query.Progress.Place;
import ledger.query.StoredJson;
import ledger.query.Versions;
import ledger.query.Writing;
import ledger.query.job.Job;
import ledger.query.job.Job.State;
import ledger.query.job.Jobs;
import ledger.query.job.Run;
import ledger.query.job.Work;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Builds a projection anew, compares it row by row with what is served, both at one position, and drops it again. */
@Component
public class Diff implements Work {

    static final String KIND = "diff";

    private static final Duration LOOK = Duration.ofMillis(50);

    private final Building building;
    private final Comparison comparison;
    private final Scene scene;
    private final Versions versions;
    private final ObjectProvider<Jobs> jobs;

    /** Where it takes place. */
    @Component
    record Scene(Tables tables, Progress progress, Writing writing) {}

    Diff(Building building, Comparison comparison, Scene scene, Versions versions, ObjectProvider<Jobs> jobs) {
        this.building = building;
        this.comparison = comparison;
        this.scene = scene;
        this.versions = versions;
        this.jobs = jobs;
    }

    /** Compares now, and answers when that is done; for tests, and whoever else has no use for a job. */
    public Differences of(String group) throws InterruptedException {
        Caller self = new Caller(Caller.DEFAULT_TENANT, "diff", Set.of(Role.ADMIN));
        Job job = jobs.getObject().submit(KIND, versions.served(group).subject(), self, null);
        while (job.state() == State.RUNNING || job.state() == State.PAUSED) {
            Thread.sleep(LOOK);
            job = jobs.getObject().find(self.tenant(), job.jobId());
        }
        if (job.state() != State.DONE || job.result() == null) {
            throw new IllegalStateException("not compared, but " + job.state() + ": " + job.error());
        }
        return StoredJson.read(job.result().toString(), Differences.class);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public boolean accepts(String subject) {
        return versions.ofSubject(subject).isPresent();
    }

    @Override
    public void run(Run run) {
        Generation served = versions.ofSubject(run.subject()).orElseThrow();
        Generation next = served.at(Stage.NEXT);
        building.buildLevel(run, next);
        Differences differences = compareAtOnePosition(served, next);
        scene.writing.asOwner(() -> {
            scene.tables.drop(next);
            run.finish(differences);
            return true;
        });
    }

    /**
     * The served one is held where it is only until the other is level with it and a snapshot of both is taken; it goes on while
     * that is read.
     */
    private Differences compareAtOnePosition(Generation served, Generation next) {
        CountDownLatch taken = new CountDownLatch(1);
        AtomicReference<CompletableFuture<Differences>> compared = new AtomicReference<>();
        scene.writing.asProjector(() -> {
            Place place = scene.progress
                    .lock(served)
                    .orElseThrow(() -> new IllegalStateException("nothing is served that could be compared"));
            CompletableFuture.runAsync(() -> scene.writing.asProjector(() -> {
                        building.followTo(next, place.position());
                        return true;
                    }))
                    .join();
            CompletableFuture<Differences> comparing = CompletableFuture.supplyAsync(
                    () -> comparison.of(served, next, place.position(), taken::countDown));
            comparing.whenComplete((_, _) -> taken.countDown());
            compared.set(comparing);
            awaits(taken);
            return true;
        });
        return compared.get().join();
    }

    private static void awaits(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void abandon(String subject) {
        scene.writing.asOwner(() -> {
            scene.tables.drop(versions.ofSubject(subject).orElseThrow().at(Stage.NEXT));
            return true;
        });
    }
}
