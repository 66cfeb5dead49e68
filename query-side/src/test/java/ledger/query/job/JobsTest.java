package ledger.query.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.http.Caller;
import ledger.http.Role;
import ledger.query.Ledger;
import ledger.query.Node;
import ledger.query.Writing;
import ledger.testing.TestIssuer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs as admins see them, with work that goes on as the test allows. */
class JobsTest {

    private static final Ledger LEDGER = Ledger.create();
    private static final Caller BOSS = new Caller(Caller.DEFAULT_TENANT, "boss", Set.of(Role.ADMIN));
    private static final Semaphore STEPS = new Semaphore(0);
    private static final AtomicInteger ABANDONED = new AtomicInteger();
    private static final int TOTAL = 10;

    private Node node;

    /** Counts to ten, and keeps how far it has come. */
    static final class Counting implements Work {

        private final Writing writing;

        Counting(Writing writing) {
            this.writing = writing;
        }

        @Override
        public String kind() {
            return "count";
        }

        @Override
        public boolean accepts(String subject) {
            return !subject.equals("another version's");
        }

        @Override
        public void run(Run run) {
            int count = run.checkpoint(Integer.class).orElse(0);
            run.expect(TOTAL, count);
            while (count < TOTAL) {
                step(run);
                int reached = ++count;
                writing.asProjector(() -> {
                    run.advance(1);
                    run.keep(reached);
                    return reached;
                });
                if (reached == 3 && run.subject().equals("broken")) {
                    throw new IllegalStateException("there is no four");
                }
            }
            writing.asProjector(() -> {
                run.finish(Map.of("counted", TOTAL));
                return TOTAL;
            });
        }

        private static void step(Run run) {
            try {
                while (!STEPS.tryAcquire(10, TimeUnit.MILLISECONDS)) {
                    run.requireGoing();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void abandon(String subject) {
            ABANDONED.incrementAndGet();
        }
    }

    @BeforeEach
    void start() {
        STEPS.drainPermits();
        ABANDONED.set(0);
        node = Node.start(LEDGER, Counting.class);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void itIsSeenPausedResumedAndFollowedToItsEnd() {
        Job job = node.bean(Jobs.class).submit("count", "sheep", BOSS, "key-1");
        String path = "/v1/admin/jobs/" + job.jobId();
        STEPS.release(4);
        await().until(() -> node.get(path).json().path("done").asInt() == 4);
        assertThat(node.get(path).json().path("startedBy").asString()).isEqualTo("boss");

        assertThat(node.bean(Jobs.class).submit("count", "sheep", BOSS, "key-1").jobId())
                .isEqualTo(job.jobId());
        assertThatThrownBy(() -> node.bean(Jobs.class).submit("count", "goats", BOSS, "key-1"))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        refused -> assertThat(refused.problem()).isEqualTo(Problem.IDEMPOTENCY_KEY_REUSED));
        assertThatThrownBy(() -> node.bean(Jobs.class).submit("count", "sheep", BOSS, null))
                .isInstanceOfSatisfying(Rejected.class, refused -> {
                    assertThat(refused.problem()).isEqualTo(Problem.JOB_RUNNING);
                    assertThat(refused.facts()).containsEntry("jobId", job.jobId());
                });

        for (int again = 0; again < 2; again++) {
            assertThat(node.post(path + "/pause").json().path("state").asString())
                    .isEqualTo("PAUSED");
        }
        await().until(() -> LEDGER.count("select count(*) from views.job where owner is not null") == 0);
        CompletableFuture<Node.Answer> followed =
                CompletableFuture.supplyAsync(() -> node.get(path, Map.of("Accept", "text/event-stream")));
        assertThat(node.post(path + "/resumption").json().path("state").asString())
                .isEqualTo("RUNNING");
        STEPS.release(TOTAL - 4); // it has not begun from the start, or these were not enough
        Node.Answer events = followed.join();
        assertThat(events.header("Content-Type")).startsWith("text/event-stream");
        assertThat(events.response().body())
                .startsWith("event: job\ndata: {\"jobId\":\"" + job.jobId())
                .contains("\"state\":\"DONE\"", "\"done\":10,\"total\":10", "\"result\":{\"counted\":10}");

        for (String late : new String[] {"pause", "resumption", "cancellation"}) {
            Node.Answer refused = node.post(path + "/" + late);
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.json().path("code").asString()).isEqualTo("job-finished");
        }
        assertThat(ABANDONED).hasValue(0);
    }

    @Test
    void aCanceledOrFailedOneClearsAwayAndAnotherMayStart() {
        Jobs jobs = node.bean(Jobs.class);
        Job canceled = jobs.submit("count", "stars", BOSS, null);
        await().until(() -> LEDGER.count("select count(*) from views.job where owner is not null") == 1);
        assertThat(node.post("/v1/admin/jobs/" + canceled.jobId() + "/cancellation")
                        .status())
                .isEqualTo(200);
        await().until(() -> ABANDONED.get() == 1);
        Job paused = await().ignoreExceptions().until(() -> jobs.submit("count", "stars", BOSS, null), job -> true);
        node.post("/v1/admin/jobs/" + paused.jobId() + "/pause");
        await().until(() -> LEDGER.count("select count(*) from views.job where owner is not null") == 0);
        node.post("/v1/admin/jobs/" + paused.jobId() + "/cancellation");
        assertThat(ABANDONED).hasValue(2); // nobody was at it, so who canceled it cleared away

        Job broken = jobs.submit("count", "broken", BOSS, null);
        STEPS.release(3);
        await().until(() ->
                node.get("/v1/admin/jobs?state=FAILED").json().path("items").size() == 1);
        assertThat(node.get("/v1/admin/jobs/" + broken.jobId())
                        .json()
                        .path("error")
                        .asString())
                .isEqualTo("there is no four");
        await().until(() -> ABANDONED.get() == 3);
    }

    @Test
    void anotherNodeGoesOnFromTheLastCheckpoint() {
        Job job = node.bean(Jobs.class).submit("count", "days", BOSS, null);
        STEPS.release(6);
        await().until(() ->
                node.get("/v1/admin/jobs/" + job.jobId()).json().path("done").asInt() == 6);
        node.stop();
        // as a node leaves it that was killed
        LEDGER.execute("update views.job set owner = 'dead', leased_until = clock_timestamp() + interval '1 second' "
                + "where state = 'RUNNING'");
        node = Node.start(LEDGER, Counting.class);
        STEPS.release(4);
        await().atMost(Duration.ofSeconds(15))
                .until(() -> node.get("/v1/admin/jobs/" + job.jobId())
                        .json()
                        .path("state")
                        .asString()
                        .equals("DONE"));
    }

    @Test
    void whatThisVersionCannotDoIsLeftToOthers() {
        Job job = node.bean(Jobs.class).submit("count", "another version's", BOSS, null);
        Job own = node.bean(Jobs.class).submit("count", "own", BOSS, null);
        STEPS.release(TOTAL);
        await().until(() -> node.get("/v1/admin/jobs/" + own.jobId())
                .json()
                .path("state")
                .asString()
                .equals("DONE"));
        assertThat(node.get("/v1/admin/jobs/" + job.jobId()).json().path("done").asInt())
                .isZero();
        node.post("/v1/admin/jobs/" + job.jobId() + "/cancellation");
    }

    @Test
    void aTenantSeesItsOwn() {
        Caller theirs = new Caller(new ledger.api.TenantId("acme"), "zoe", Set.of(Role.ADMIN));
        Job ours = node.bean(Jobs.class).submit("count", "ours", BOSS, null);
        Job acmes = node.bean(Jobs.class).submit("count", "acmes", theirs, null);
        Node zoe = node.as(TestIssuer.shared().tokenOf("acme", "zoe", "admin"));
        assertThat(zoe.get("/v1/admin/jobs/" + acmes.jobId()).status()).isEqualTo(200);
        assertThat(node.get("/v1/admin/jobs/" + acmes.jobId()).status()).isEqualTo(200);
        assertThat(zoe.get("/v1/admin/jobs").json().path("items").size()).isEqualTo(1);
        for (String way : new String[] {"pause", "resumption", "cancellation"}) {
            assertThat(zoe.post("/v1/admin/jobs/" + ours.jobId() + "/" + way).status())
                    .isEqualTo(404);
        }
        Node.Answer page = node.get("/v1/admin/jobs?limit=1");
        assertThat(node.get("/v1/admin/jobs?limit=1&cursor="
                                + page.json().path("nextCursor").asString())
                        .json()
                        .at("/items/0/jobId"))
                .isNotEqualTo(page.json().at("/items/0/jobId"));
        node.post("/v1/admin/jobs/" + ours.jobId() + "/cancellation");
        node.post("/v1/admin/jobs/" + acmes.jobId() + "/cancellation");
    }
}
