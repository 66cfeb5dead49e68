package ledger.query.rebuild;

import static ledger.query.Facts.FIRST;
import static ledger.query.Facts.MONTHLY;
import static ledger.query.Facts.SECOND;
import static ledger.query.Facts.START;
import static ledger.query.Facts.canceled;
import static ledger.query.Facts.id;
import static ledger.query.Facts.published;
import static ledger.query.Facts.renewed;
import static ledger.query.Facts.subscribed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import ledger.api.PlanEvent;
import ledger.api.PlanSlug;
import ledger.query.Generation;
import ledger.query.Generation.Stage;
import ledger.query.Ledger;
import ledger.query.Node;
import ledger.query.Node.Answer;
import ledger.query.StoredJson;
import ledger.query.Versions;
import ledger.query.Writing;
import ledger.testing.TestIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

/** Rebuilds while others read and write, on a real database. */
class RebuildTest {

    private static final String PROJECTION = "/v1/admin/projections/subscription";
    private static final long SUBSCRIPTIONS = 60;

    private static final Ledger ledger = Ledger.create();
    /** Of about so many events: what is said here holds of ledgers that memory does not. */
    private static final String PORTIONS = "--ledger.rebuild.events=7";

    private static Node node;
    private long last;

    @BeforeAll
    static void fill() {
        ledger.append(published("pro", MONTHLY), new PlanEvent.Retired(new PlanSlug("pro"), START));
        ledger.append("acme", published("theirs", MONTHLY));
        for (long number = 1; number <= SUBSCRIPTIONS; number++) {
            String tenant = number % 7 == 0 ? "acme" : "default";
            ledger.append(tenant, subscribed(id(number), true));
            if (number % 3 == 0) {
                ledger.append(tenant, renewed(id(number), FIRST.end(), SECOND));
            }
            if (number % 10 == 0) {
                ledger.append(tenant, canceled(id(number), FIRST.end(), "a\\b\tc\nd \"ü\" \u0001"));
            }
        }
        node = Node.start(ledger, PORTIONS);
    }

    @BeforeEach
    void catchUp() {
        last = ledger.count("select max(position) from ledger.event");
        node.getAt(last, "/v1/statistics");
        node.getAt(last, "/v1/plans");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void nobodyWhoReadsNoticesRebuildsAndSwitches() throws Exception {
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        AtomicLong answers = new AtomicLong();
        AtomicBoolean going = new AtomicBoolean(true);
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int reader = 0; reader < 3; reader++) {
                readers.execute(() -> {
                    long before = 0;
                    while (going.get()) {
                        before = read(before, wrong);
                        answers.incrementAndGet();
                    }
                });
            }
            readers.execute(() -> {
                for (long number = 10_000; going.get(); number++) {
                    long position = ledger.append(subscribed(id(number), true));
                    Answer own = node.getAt(position, "/v1/subscriptions/" + id(number));
                    if (own.status() != 200) {
                        wrong.add("not seen at its position: " + own.response().body());
                    }
                }
            });
            for (String way : new String[] {"rebuild", "rebuild", "rollback", "rebuild"}) {
                assertThat(done(node.post(PROJECTION + "/" + way)).path("state").asString())
                        .isEqualTo("DONE");
            }
            going.set(false);
        }
        assertThat(wrong).isEmpty();
        assertThat(answers).hasValueGreaterThan(20);
        Differences differences = node.bean(Diff.class).of("subscription");
        assertThat(differences.items()).isEmpty();
        assertThat(differences.differences()).isZero();
        assertThat(differences.rows()).isGreaterThan(SUBSCRIPTIONS);
    }

    /** What two tables say has to fit, as of one position; and nothing that was there goes away. */
    private long read(long before, Queue<String> wrong) {
        Answer one = node.get("/v1/subscriptions/" + id(1));
        Answer list = node.get("/v1/subscriptions?limit=40&sort=startedAt");
        Answer statistics = node.get("/v1/statistics");
        long counted = statistics
                .json()
                .path("subscriptions")
                .valueStream()
                .mapToLong(JsonNode::asLong)
                .sum();
        long begun = statistics.json().at("/events/subscription.subscribed").asLong();
        if (one.status() != 200 || list.json().path("items").size() != 40 || counted != begun || counted < before) {
            wrong.add("%d %d, %d of %d after %d: %s"
                    .formatted(
                            one.status(),
                            list.status(),
                            counted,
                            begun,
                            before,
                            statistics.response().body()));
        }
        return counted;
    }

    @Test
    void aDiffFindsEachRowThatIsNotAsTheEventsSayAndARebuildHealsThem() {
        node.getAt(last, "/v1/statistics");
        node.getAt(last, "/v1/plans");
        ledger.execute("update views_subscription_2.subscription set plan = 'other' where subscription_id = '"
                + id(3)
                + "'; delete from views_subscription_2.subscription where subscription_id = '" + id(4) + "'; "
                + "update views_subscription_2.total set amount = amount - 1 where kind = 'CHARGED' and tenant = 'acme'; "
                + "update views_plan_1.plan_version set document = '{}' where slug = 'pro'");
        JsonNode found = done(node.post(PROJECTION + "/diff")).path("result");
        assertThat(found.path("differences").asLong()).isEqualTo(3);
        assertThat(found.path("position").asLong()).isEqualTo(last);
        JsonNode changed = item(found, "/served/subscription_id", id(3).toString());
        assertThat(changed.at("/served/plan").asString()).isEqualTo("other");
        assertThat(changed.at("/rebuilt/plan").asString()).isEqualTo("pro");
        assertThat(changed.path("events")
                        .valueStream()
                        .map(event -> event.path("type").asString()))
                .containsExactly("subscription.subscribed", "subscription.renewed");
        assertThat(item(found, "/rebuilt/subscription_id", id(4).toString()).has("served"))
                .isFalse();
        JsonNode plans = done(node.post("/v1/admin/projections/plan/diff")).path("result");
        assertThat(plans.at("/items/0/events/1/type").asString()).isEqualTo("plan.retired");
        assertThat(ledger.count("select count(*) from pg_namespace where nspname like 'views%next'"))
                .isZero();

        done(node.post(PROJECTION + "/rebuild"));
        assertThat(differences()).isZero();
        assertThat(ledger.count("select count(*) from views.projection where name = 'subscription' and version = 2"))
                .as("the one that is served, and the one before")
                .isEqualTo(2);
        done(node.post(PROJECTION + "/rollback"));
        assertThat(differences()).isEqualTo(3);
        done(node.post(PROJECTION + "/rollback"));
        assertThat(differences()).isZero();

        assertThat(node.send("DELETE", PROJECTION + "/previous", Map.of()).status())
                .isEqualTo(204);
        for (Answer late :
                List.of(node.send("DELETE", PROJECTION + "/previous", Map.of()), node.post(PROJECTION + "/rollback"))) {
            assertThat(late.status()).isEqualTo(409);
            assertThat(late.json().path("code").asString()).isEqualTo("no-previous");
        }
    }

    private long differences() {
        return done(node.post(PROJECTION + "/diff")).at("/result/differences").asLong();
    }

    private static JsonNode item(JsonNode found, String field, String value) {
        return found.path("items")
                .valueStream()
                .filter(item -> item.at(field).asString("").equals(value))
                .findAny()
                .orElseThrow();
    }

    @Test
    void aDiffComparesWhereWhatIsServedStandsAlsoIfThatIsBehind() {
        String served = " where name = 'subscription' and stage = 'SERVED'";
        ledger.execute(
                "update views.projection set owner = 'another node', claimed_at = clock_timestamp() + interval '1 hour'"
                        + served);
        long unseen = ledger.append(subscribed(id(6000), true));
        assertThat(differences()).isZero();
        assertThat(ledger.count("select position from views.projection" + served))
                .isLessThan(unseen);
        ledger.execute("update views.projection set owner = null" + served);
        assertThat(node.getAt(unseen, "/v1/subscriptions/" + id(6000)).status()).isEqualTo(200);
    }

    @Test
    void aNodeThatEndsBeforeTheSwitchLeavesItToAnother() throws Exception {
        long oid;
        JsonNode job;
        try (Connection reader = ledger.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("lock table views.switch in access share mode"); // as one with a long snapshot
            job = node.post(PROJECTION + "/rebuild").json();
            await().until(() ->
                    ledger.count("select count(*) from views.projection where stage = 'NEXT' and position = " + last)
                            == 1);
            Answer second = node.post(PROJECTION + "/rebuild");
            assertThat(second.json().path("code").asString()).isEqualTo("job-running");
            assertThat(second.json().path("jobId")).isEqualTo(job.path("jobId"));
            assertThat(node.send("DELETE", PROJECTION + "/previous", Map.of()).status())
                    .isEqualTo(409);
            oid = ledger.count("select 'views_subscription_2_next.subscription'::regclass::oid");
            node.stop();
        }
        last = ledger.append(subscribed(id(5000), true));
        node = Node.start(ledger, PORTIONS);
        assertThat(done(job).path("state").asString()).isEqualTo("DONE");
        assertThat(ledger.count("select 'views_subscription_2.subscription'::regclass::oid"))
                .as("what was built is served, not built again")
                .isEqualTo(oid);
        assertThat(node.getAt(last, "/v1/subscriptions/" + id(5000)).status()).isEqualTo(200);
        assertThat(differences()).isZero();
    }

    @Test
    void aCanceledOneLeavesNothingBehind() throws SQLException {
        try (Connection reader = ledger.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("lock table views.switch in access share mode");
            String job = node.post(PROJECTION + "/rebuild").json().path("jobId").asString();
            await().until(() ->
                    ledger.count("select count(*) from views.projection where stage = 'NEXT' and position > 0") == 1);
            node.post("/v1/admin/jobs/" + job + "/cancellation");
            await().until(() -> ledger.count("select count(*) from pg_namespace where nspname like 'views%next'") == 0);
        }
        assertThat(node.get("/v1/subscriptions/" + id(1)).status()).isEqualTo(200);
        done(await().until(() -> node.post(PROJECTION + "/rebuild"), next -> next.status() == 202));
    }

    @Test
    void aDiskThatFillsFailsTheJobAndNothingElse() {
        ledger.execute("""
                create function full_disk() returns trigger language plpgsql as $$ begin
                    raise exception 'could not extend file "base/5/16384": No space left on device' using errcode = '53100';
                end $$;
                create function fill_disk() returns event_trigger language plpgsql as $$ declare made record; begin
                    for made in select * from pg_event_trigger_ddl_commands() where object_identity like '%_next.subscription' loop
                        execute 'create trigger full_disk before insert on ' || made.object_identity
                            || ' for each row execute function public.full_disk()';
                    end loop;
                end $$;
                create event trigger fill_disk on ddl_command_end when tag in ('CREATE TABLE') execute function fill_disk();
                """);
        JsonNode failed = done(node.post(PROJECTION + "/rebuild"));
        assertThat(failed.path("state").asString()).isEqualTo("FAILED");
        assertThat(failed.path("error").asString())
                .startsWith("the disk of the database is full: ")
                .contains("No space left");
        assertThat(ledger.count("select count(*) from pg_namespace where nspname like 'views%next'"))
                .isZero();
        assertThat(node.get("/v1/subscriptions/" + id(1)).status()).isEqualTo(200);
        assertThat(node.get(PROJECTION).json().at("/lastRebuild/state").asString())
                .isEqualTo("FAILED");
        ledger.execute("drop event trigger fill_disk");
        assertThat(done(node.post(PROJECTION + "/rebuild")).path("state").asString())
                .isEqualTo("DONE");
    }

    /** What is loaded already is not read again: its keys would be there twice. */
    @Test
    void aRebuildGoesOnAfterTheLastPortionThatWasWritten() {
        Generation next = new Generation("subscription", 2, Stage.NEXT);
        UUID job = UUID.randomUUID();
        node.bean(Writing.class).asOwner(() -> {
            node.bean(Tables.class).create(next);
            return true;
        });
        node.stop();
        for (String table : List.of("subscription", "subscription_milestone", "holding", "total", "usage")) {
            ledger.execute("insert into %s.%s select * from %s.%2$s"
                    .formatted(next.schema(), table, next.at(Stage.SERVED).schema()));
        }
        ledger.execute("""
                insert into views.parked select name, version, 'NEXT', stream_id, belongs_to, position, type, error, parked_at
                from views.parked where name = 'subscription' and stage = 'SERVED';
                update views.projection n set parked = s.parked from views.projection s
                where n.name = 'subscription' and s.name = n.name and n.stage = 'NEXT' and s.stage = 'SERVED';
                insert into views.job (id, belongs_to, kind, subject, state, started_by, checkpoint)
                values ('%s', 'default', 'rebuild', 'subscription/2', 'RUNNING', 'boss',
                    '{"upto": %d, "through": "ffffffff-ffff-ffff-ffff-ffffffffffff", "done": 5, "keys": 0}')""".formatted(job, last));
        node = Node.start(ledger, PORTIONS);
        JsonNode done = done(node.get("/v1/admin/jobs/" + job).json());
        assertThat(done.path("state").asString()).isEqualTo("DONE");
        assertThat(differences()).isZero();
    }

    @Test
    void parkedStreamsAreParkedInBulkAsTheyAreLive() {
        ledger.append("default", UUID.randomUUID(), 0, "subscription.teleported", "{}");
        ledger.append("default", id(1).value(), 1, "subscription.teleported", "{}");
        String renewed = StoredJson.write(renewed(id(1), FIRST.end(), SECOND));
        last = ledger.append("default", id(1).value(), 2, "subscription.renewed", renewed);
        node.getAt(last, "/v1/statistics");
        List<Long> live = parked();
        assertThat(live).hasSize(2);
        done(node.post(PROJECTION + "/rebuild"));
        assertThat(parked()).isEqualTo(live);
        assertThat(node.get("/v1/subscriptions/" + id(1)).header("ETag")).isEqualTo("\"0\"");
        assertThat(differences()).isZero();
    }

    private List<Long> parked() {
        List<Long> positions = new ArrayList<>();
        node.get(PROJECTION + "/parked")
                .json()
                .path("items")
                .forEach(one -> positions.add(one.path("position").asLong()));
        return positions;
    }

    /** The same program after somebody changed a fold. */
    static class OtherVersion {
        @Bean
        static Versions versions() {
            return new Versions(Map.of("subscription", 3, "plan", 1));
        }
    }

    @Test
    void aNewVersionIsBuiltByItselfBesideTheOldOne() {
        node.send("DELETE", PROJECTION + "/previous", Map.of());
        try (Node newer = Node.start(ledger, OtherVersion.class)) {
            last = ledger.append(subscribed(id(7777), true));
            for (Node one : List.of(node, newer)) {
                assertThat(one.getAt(last, "/v1/subscriptions/" + id(7777)).status())
                        .isEqualTo(200);
                assertThat(one.get("/actuator/health/readiness").status()).isEqualTo(200);
            }
            assertThat(newer.get("/v1/statistics").json())
                    .isEqualTo(node.get("/v1/statistics").json());
            JsonNode built = newer.get(PROJECTION).json();
            assertThat(built.path("version").asInt()).isEqualTo(3);
            assertThat(built.path("built")
                            .valueStream()
                            .map(one -> one.path("version").asInt()))
                    .containsExactly(3, 2);
            assertThat(built.at("/lastRebuild/startedBy").asString()).isEqualTo("deployment");
            assertThat(newer.send("DELETE", PROJECTION + "/previous", Map.of()).status())
                    .as("a node of the older version is still there")
                    .isEqualTo(409);
            node.stop();
            ledger.execute("update views.projection set claimed_at = now() - interval '2 minutes' where version = 2");
            assertThat(newer.send("DELETE", PROJECTION + "/previous", Map.of()).status())
                    .isEqualTo(204);
            assertThat(ledger.count("select count(*) from pg_namespace where nspname = 'views_subscription_2'"))
                    .isZero();
            assertThat(newer.get("/v1/subscriptions/" + id(7777)).status()).isEqualTo(200);
        }
        node = Node.start(ledger, PORTIONS);
    }

    @Test
    void onlyAdminsOfTheDefaultTenantAndOnlyWhatThereIs() {
        Node theirs = node.as(TestIssuer.shared().tokenOf("acme", "boss", "admin"));
        for (String way : new String[] {"rebuild", "diff", "rollback"}) {
            assertThat(theirs.post(PROJECTION + "/" + way).json().path("code").asString())
                    .isEqualTo("forbidden");
            assertThat(node.post("/v1/admin/projections/nothing/" + way)
                            .json()
                            .path("code")
                            .asString())
                    .isEqualTo("projection-not-found");
        }
        assertThat(theirs.get("/v1/admin/projections").status()).isEqualTo(403);
        assertThat(node.send("POST", PROJECTION + "/rebuild", Map.of("Idempotency-Key", "x".repeat(256)))
                        .json()
                        .path("code")
                        .asString())
                .isEqualTo("invalid-parameter");
        JsonNode first = done(node.send("POST", PROJECTION + "/rebuild", Map.of("Idempotency-Key", "once")));
        assertThat(node.send("POST", PROJECTION + "/rebuild", Map.of("Idempotency-Key", "once"))
                        .json()
                        .path("jobId"))
                .isEqualTo(first.path("jobId"));
        assertThat(node.get("/v1/admin/projections")
                        .json()
                        .path("items")
                        .valueStream()
                        .map(one -> one.path("name").asString()))
                .containsExactly("plan", "subscription");
    }

    private JsonNode done(Answer accepted) {
        assertThat(accepted.status()).as(accepted.response().body()).isEqualTo(202);
        assertThat(accepted.header("Location"))
                .isEqualTo("/v1/admin/jobs/" + accepted.json().path("jobId").asString());
        return done(accepted.json());
    }

    private JsonNode done(JsonNode job) {
        String path = "/v1/admin/jobs/" + job.path("jobId").asString();
        JsonNode ended = await().atMost(Duration.ofSeconds(40))
                .until(
                        () -> node.get(path).json(),
                        now -> !List.of("RUNNING", "PAUSED")
                                .contains(now.path("state").asString()));
        // It is over when it says so, and its node lets go of it a moment later; then the next one may begin.
        await().until(() -> ledger.count("select count(*) from views.job where owner is not null") == 0);
        return ended;
    }
}
