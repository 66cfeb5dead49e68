package ledger.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ledger.command.Node.Answer;
import ledger.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Usage as clients record it, on two nodes, in a tenant whose clock is simulated. */
class UsageTest {

    private static JdbcClient sql;
    private static Node one;
    private static Node two;
    private static int customers;

    @BeforeAll
    static void start() {
        TestDatabase database = TestDatabase.create();
        sql = JdbcClient.create(database.dataSource());
        one = Node.on(database);
        two = Node.on(database);
        one.put("/v1/admin/clock", "{\"now\": \"2024-01-31T12:00:00Z\"}");
        one.post("/v1/plans", """
                {"slug": "metered", "product": "app", "name": "Metered", "prices": [
                    {"term": %s, "amount": {"amount": 1900, "currency": "USD"}, "per": "UNIT"}], "limits": [
                    {"metric": "calls", "max": 100, "kind": "PER_PERIOD", "mode": "HARD"},
                    {"metric": "mails", "max": 10, "kind": "PER_PERIOD", "mode": "SOFT"},
                    {"metric": "projects", "max": 5, "kind": "ALLOCATION", "mode": "HARD"}]}
                """.formatted(Node.MONTH));
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
    }

    @Test
    void ofTwoHundredThatUseOneOfAHundredExactlyAHundredAreGranted() throws Exception {
        String id = subscription();
        List<Answer> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Answer>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Node node = i % 2 == 0 ? one : two;
                all.add(() -> persistently(node, id));
            }
            for (Future<Answer> answer : threads.invokeAll(all)) {
                answers.add(answer.get());
            }
        }
        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(100);
        assertThat(answers).filteredOn(answer -> answer.status() != 200).allSatisfy(refused -> {
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.code()).isEqualTo("limit-exceeded");
            assertThat(refused.body().path("metric").asString()).isEqualTo("calls");
            assertThat(refused.body().path("used").asLong()).isEqualTo(100);
            assertThat(refused.body().path("max").asLong()).isEqualTo(100);
            assertThat(refused.body().path("asked").asLong()).isEqualTo(1);
        });
        assertThat(sql.sql(
                                "select max((payload ->> 'used')::int) from ledger.event where payload ->> 'subscription' = ?")
                        .param(id)
                        .query(Integer.class)
                        .single())
                .isEqualTo(100);
    }

    @Test
    void aHardLimitIsRefusedAsAWholeAndAnswersWhatIsLeft() {
        String id = subscription();
        assertThat(use(one, id, "calls", 90).body().path("remaining").asLong()).isEqualTo(10);
        assertThat(use(two, id, "calls", 11).code()).isEqualTo("limit-exceeded");
        Answer rest = use(two, id, "calls", 10);
        assertThat(rest.body().path("used").asLong()).isEqualTo(100);
        assertThat(rest.body().path("remaining").asLong()).isZero();
    }

    @Test
    void aSoftLimitIsPassedAndFlagged() {
        String id = subscription();
        Answer passed = use(one, id, "mails", 12);
        assertThat(passed.status()).isEqualTo(200);
        assertThat(passed.body().path("exceeded").asBoolean()).isTrue();
        assertThat(passed.body().path("remaining").asLong()).isZero();
        assertThat(use(two, id, "mails", 9007199254740991L).code()).isEqualTo("limit-exceeded");
    }

    @Test
    void anAllocationIsGivenBackButNotMoreThanWasTaken() {
        String id = subscription();
        use(one, id, "projects", 5);
        assertThat(use(two, id, "projects", 1).code()).isEqualTo("limit-exceeded");
        assertThat(use(two, id, "projects", -2).body().path("used").asLong()).isEqualTo(3);
        assertThat(use(one, id, "projects", -4).code()).isEqualTo("not-taken");
        assertThat(use(one, id, "projects", 2).body().path("used").asLong()).isEqualTo(5);
    }

    @Test
    void aRepeatedRecordIsCountedOnce() {
        String id = subscription();
        String path = "/v1/subscriptions/" + id + "/usage";
        String body = "{\"metric\": \"calls\", \"quantity\": 7}";
        Answer first = one.post(path, body, "Idempotency-Key", "usage-" + id);
        use(one, id, "calls", 1);
        Answer again = two.post(path, body, "Idempotency-Key", "usage-" + id);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(use(two, id, "calls", 1).body().path("used").asLong()).isEqualTo(9);
    }

    @Test
    void theCounterRestartsExactlyAtTheBoundaryAlsoBeforeTheDeadlineHasFired() {
        // Nothing but an advance fires the deadlines of a simulated tenant: this one's are as late as can be.
        TestDatabase database = TestDatabase.create();
        JdbcClient late = JdbcClient.create(database.dataSource());
        try (Node node = Node.on(database)) {
            node.put("/v1/admin/clock", "{\"now\": \"2024-01-31T12:00:00Z\"}");
            node.post("/v1/plans", """
                    {"slug": "metered", "product": "app", "name": "Metered", "prices": [
                        {"term": %s, "amount": {"amount": 1900, "currency": "USD"}, "per": "UNIT"}], "limits": [
                        {"metric": "calls", "max": 100, "kind": "PER_PERIOD", "mode": "HARD"}]}
                    """.formatted(Node.MONTH));
            String id = node.subscribe("c", "metered", "").id();
            use(node, id, "calls", 100);
            late.sql("update ledger.clock set now = '2024-02-29T11:59:59.999999Z'")
                    .update();
            assertThat(use(node, id, "calls", 1).code()).isEqualTo("limit-exceeded");
            late.sql("update ledger.clock set now = '2024-02-29T12:00:00Z'").update();
            Answer fresh = use(node, id, "calls", 1);
            assertThat(fresh.body().path("used").asLong()).isEqualTo(1);
            assertThat(fresh.body().path("resetsAt").asString()).isEqualTo("2024-03-31T12:00:00Z");
            assertThat(late.sql("select count(*) from ledger.event where type = 'subscription.renewed'")
                            .query(Integer.class)
                            .single())
                    .isZero();
        }
    }

    @Test
    void usageOfATimeIsCountedInThePeriodOfThatTime() {
        TestDatabase database = TestDatabase.create();
        try (Node node = Node.on(database)) {
            node.put("/v1/admin/clock", "{\"now\": \"2024-01-31T12:00:00Z\"}");
            node.post("/v1/plans", """
                    {"slug": "metered", "product": "app", "name": "Metered", "prices": [
                        {"term": %s, "amount": {"amount": 1900, "currency": "USD"}, "per": "UNIT"}], "limits": [
                        {"metric": "calls", "max": 100, "kind": "PER_PERIOD", "mode": "HARD"}]}
                    """.formatted(Node.MONTH));
            String id = node.subscribe("c", "metered", "").id();
            node.post("/v1/admin/clock/advance", "{\"to\": \"2024-03-15T00:00:00Z\"}");
            assertThat(used(node, id, "2024-02-01T00:00:00Z")).isEqualTo("40");
            assertThat(used(node, id, "2024-03-01T00:00:00Z")).isEqualTo("40");
            assertThat(used(node, id, "2024-02-29T11:59:59Z")).isEqualTo("80");
            assertThat(used(node, id, "2024-01-31T11:59:59Z")).isEqualTo("not-live");
            node.post("/v1/subscriptions/" + id + "/cancellation", "{\"when\":\"NOW\"}");
            assertThat(used(node, id, "2024-03-15T00:00:01Z")).isEqualTo("usage-in-future");
            assertThat(used(node, id, "2024-03-15T00:00:00Z")).isEqualTo("not-live");
            assertThat(used(node, id, "2024-03-14T00:00:00Z")).isEqualTo("80");
        }
    }

    @Test
    void whileItIsPausedNothingIsGranted() {
        String id = subscription();
        one.post("/v1/subscriptions/" + id + "/pause", "");
        assertThat(use(two, id, "calls", 1).code()).isEqualTo("subscription-paused");
        two.post("/v1/subscriptions/" + id + "/resumption", "");
        assertThat(use(one, id, "calls", 1).status()).isEqualTo(200);
    }

    @Test
    void aLargerPlanGrantsMoreAtOnceAlsoWhatIsNewToIt() {
        for (String plan : List.of("small", "large")) {
            one.post("/v1/plans", """
                    {"slug": "%s", "product": "app", "name": "P", "prices": [
                        {"term": %s, "amount": {"amount": 1900, "currency": "USD"}, "per": "UNIT"}], "limits": [
                        {"metric": "calls", "max": 10, "kind": "PER_PERIOD", "mode": "HARD"},
                        {"metric": "seats", "max": %d, "kind": "ALLOCATION", "mode": "HARD"}]}
                    """.formatted(plan, Node.MONTH, plan.equals("small") ? 2 : 50));
        }
        String id = one.subscribe("grows", "small", "").id();
        use(one, id, "calls", 1);
        one.post("/v1/subscriptions/" + id + "/plan-change", "{\"plan\": \"large\", \"when\": \"NOW\"}");
        assertThat(use(one, id, "seats", 40).body().path("used").asLong()).isEqualTo(40);
        use(one, id, "calls", 1);
        one.post("/v1/subscriptions/" + id + "/pause", "{}");
        assertThat(use(one, id, "calls", 100).code()).isEqualTo("subscription-paused");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unknown-metric         | {'metric':'faxes','quantity':1}",
                "not-an-allocation      | {'metric':'calls','quantity':-1}",
                "usage-in-future        | {'metric':'calls','quantity':1,'at':'2999-01-01T00:00:00Z'}",
                "not-live               | {'metric':'calls','quantity':1,'at':'2023-01-01T00:00:00Z'}",
                "invalid-body /quantity | {'metric':'calls','quantity':0}",
                "invalid-body /quantity | {'metric':'calls','quantity':9007199254740992}",
                "invalid-body /quantity | {'metric':'calls','quantity':1.5}",
                "invalid-body /quantity | {'metric':'calls'}",
                "invalid-body /metric   | {'metric':'No Metric','quantity':1}",
                "invalid-body /at       | {'metric':'calls','quantity':1,'at':'1969-01-01T00:00:00Z'}"
            })
    void badUsageGetsAClearProblem(String expected, String body) {
        Answer answer = one.post("/v1/subscriptions/" + subscription() + "/usage", body.replace('\'', '"'));
        String pointer = answer.body().path("errors").path(0).path("pointer").asString();
        assertThat((answer.code() + " " + pointer).strip()).isEqualTo(expected);
    }

    private static synchronized String subscription() {
        return one.subscribe("customer-" + customers++, "metered", "").id();
    }

    private static Answer use(Node node, String id, String metric, long quantity) {
        return node.post(
                "/v1/subscriptions/" + id + "/usage",
                "{\"metric\": \"%s\", \"quantity\": %d}".formatted(metric, quantity));
    }

    private static String used(Node node, String id, String at) {
        Answer answer = node.post(
                "/v1/subscriptions/" + id + "/usage",
                "{\"metric\": \"calls\", \"quantity\": 40, \"at\": \"%s\"}".formatted(at));
        return answer.status() == 200 ? answer.body().path("used").asString() : answer.code();
    }

    /** A client repeats what lost too many races. */
    private static Answer persistently(Node node, String id) {
        Answer answer = use(node, id, "calls", 1);
        while (answer.code().equals("conflict")) {
            answer = use(node, id, "calls", 1);
        }
        return answer;
    }
}
