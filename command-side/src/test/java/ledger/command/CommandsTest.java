package ledger.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
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

/** Commands as clients send them, to two nodes over one database. */
class CommandsTest {

    private static JdbcClient sql;
    private static Node one;
    private static Node two;

    @BeforeAll
    static void start() {
        TestDatabase database = TestDatabase.create();
        sql = JdbcClient.create(database.dataSource());
        one = Node.on(database).selling("pro").selling("basic");
        two = Node.on(database);
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
    }

    @Test
    void subscribingAnswersTheSubscriptionItsAddressItsVersionAndItsPosition() {
        Answer answer = one.subscribe("ann", "pro", "\"quantity\": 3, \"reference\": \"crm-1\"");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("Location")).isEqualTo("/v1/subscriptions/" + answer.id());
        assertThat(answer.header("ETag")).isEqualTo("\"0\"");
        assertThat(Long.parseLong(answer.header("Ledger-Position"))).isPositive();
        assertThat(answer.body().path("status").asString()).isEqualTo("ACTIVE");
        assertThat(answer.body().path("reference").asString()).isEqualTo("crm-1");
        assertThat(answer.body().path("currentPeriod").path("number").asInt()).isEqualTo(1);
    }

    @Test
    void ofTwoHundredParallelSubscribesOfOneCustomerExactlyOneSucceeds() throws Exception {
        List<Callable<Answer>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Node node = i % 2 == 0 ? one : two;
            all.add(() -> node.subscribe("bob", "pro", ""));
        }
        List<Answer> answers = together(all);
        assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 201)
                .allSatisfy(refused -> assertThat(refused.code()).isEqualTo("live-subscription-exists"));
        assertThat(subscribed("bob")).isEqualTo(1);
    }

    @Test
    void aRepeatWithTheSameKeyGetsTheFirstAnswerAgainAndDoesNothing() throws Exception {
        List<Callable<Answer>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Node node = i % 2 == 0 ? one : two;
            all.add(() -> node.subscribe("carl", "pro", "", "Idempotency-Key", "carl-1"));
        }
        List<Answer> answers = together(all);
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.body()).isEqualTo(answers.getFirst().body());
            assertThat(answer.header("Ledger-Position"))
                    .isEqualTo(answers.getFirst().header("Ledger-Position"));
            assertThat(answer.header("Location")).isEqualTo(answers.getFirst().header("Location"));
        });
        assertThat(subscribed("carl")).isEqualTo(1);

        String id = answers.getFirst().id();
        one.post("/v1/subscriptions/" + id + "/cancellation", "{\"when\":\"NOW\"}");
        assertThat(two.subscribe("carl", "pro", "", "Idempotency-Key", "carl-1").body())
                .isEqualTo(answers.getFirst().body());
    }

    @Test
    void aKeyIsGoodForOneRequest() {
        assertThat(one.subscribe("dora", "pro", "", "Idempotency-Key", "dora-1").status())
                .isEqualTo(201);
        Answer other = two.subscribe("dora", "pro", "\"quantity\": 2", "Idempotency-Key", "dora-1");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("idempotency-key-reused");
    }

    @Test
    void aRefusalIsRepeatedToo() {
        String id = one.subscribe("emil", "pro", "").id();
        Answer refused = one.subscribe("emil", "pro", "", "Idempotency-Key", "emil-2");
        assertThat(refused.code()).isEqualTo("live-subscription-exists");
        one.post("/v1/subscriptions/" + id + "/cancellation", "{\"when\":\"NOW\"}");
        assertThat(two.subscribe("emil", "pro", "", "Idempotency-Key", "emil-2").code())
                .isEqualTo("live-subscription-exists");
        assertThat(two.subscribe("emil", "pro", "", "Idempotency-Key", "emil-3").status())
                .isEqualTo(201);
    }

    @Test
    void aCommandThatChangesNothingKeepsItsAnswerUnderItsKey() {
        String id = one.subscribe("fay", "pro", "").id();
        String path = "/v1/subscriptions/" + id + "/quantity-change";
        Answer unchanged = one.post(path, "{\"quantity\": 1}", "Idempotency-Key", "fay-1");
        assertThat(unchanged.header("ETag")).isEqualTo("\"0\"");
        one.post(path, "{\"quantity\": 7}");
        Answer again = one.post(path, "{\"quantity\": 1}", "Idempotency-Key", "fay-1");
        assertThat(again.body()).isEqualTo(unchanged.body());
        assertThat(again.header("Ledger-Position")).isEqualTo(unchanged.header("Ledger-Position"));
    }

    @Test
    void aStaleVersionIsRefusedAndTheCurrentOneAccepted() {
        String path = "/v1/subscriptions/" + one.subscribe("gus", "pro", "").id() + "/quantity-change";
        assertThat(one.post(path, "{\"quantity\": 2}", "If-Match", "\"0\"").header("ETag"))
                .isEqualTo("\"1\"");
        Answer stale = two.post(path, "{\"quantity\": 3}", "If-Match", "\"0\"");
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.code()).isEqualTo("version-mismatch");
        assertThat(two.post(path, "{\"quantity\": 3}", "If-Match", "*").status())
                .isEqualTo(200);
        assertThat(two.post(path, "{\"quantity\": 4}", "If-Match", "\"nonsense\"")
                        .status())
                .isEqualTo(412);
        for (String malformed :
                List.of("nonsense", "\"", "W/\"", "\"2", "2", "\"2\",", "\"1\" \"2\"", "*, \"2\"", "")) {
            assertThat(two.post(path, "{\"quantity\": 4}", "If-Match", malformed)
                            .status())
                    .as(malformed)
                    .isEqualTo(400);
        }
        for (String other : List.of("W/\"2\"", "\"02\"", "\"-1\"", "\"9\", \"7\"", "\"9,2\"")) {
            assertThat(two.post(path, "{\"quantity\": 4}", "If-Match", other).status())
                    .as(other)
                    .isEqualTo(412);
        }
        assertThat(two.post(path, "{\"quantity\": 4}", "If-Match", "\"9\", \"2\"")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void usageExpectsAVersionOfItsSubscription() {
        one.post("/v1/plans", """
                {"slug": "counted", "name": "Counted", "product": "counted",
                 "prices": [{"term": {"every": 1, "unit": "MONTH"}, "amount": {"amount": 1, "currency": "USD"}, "per": "FLAT"}],
                 "limits": [{"metric": "calls", "max": 100, "kind": "PER_PERIOD", "mode": "HARD"}]}""");
        String path = "/v1/subscriptions/" + one.subscribe("gil", "counted", "").id();
        one.post(path + "/quantity-change", "{\"quantity\": 2}");
        String usage = "{\"metric\": \"calls\", \"quantity\": 7}";
        Answer stale = two.post(path + "/usage", usage, "If-Match", "\"0\"");
        assertThat(stale.code()).isEqualTo("version-mismatch");
        for (int used : new int[] {7, 14}) {
            Answer counted = two.post(path + "/usage", usage, "If-Match", "\"1\"");
            assertThat(counted.body().path("used").asInt()).isEqualTo(used);
        }
        one.post(path + "/quantity-change", "{\"quantity\": 3}");
        assertThat(two.post(path + "/usage", usage, "If-Match", "\"1\"").code()).isEqualTo("version-mismatch");
        assertThat(one.post(path + "/usage", usage, "If-Match", "\"2\"").status())
                .isEqualTo(200);
    }

    @Test
    void aPolicySaysWhatItIs() {
        Answer silent = one.put("/v1/products/said/policy", "{}");
        assertThat(silent.status()).isEqualTo(400);
        assertThat(silent.body().path("errors").path(0).path("pointer").asString())
                .isEqualTo("/maxLivePerCustomer");
        assertThat(one.put("/v1/products/said/policy", "{\"maxLivePerCustomer\": null}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whoAcceptsNoJsonIsToldSoBeforeAnythingHappens() {
        Answer refused = one.subscribe("hubert", "pro", "", "Accept", "text/html");
        assertThat(refused.status()).isEqualTo(406);
        assertThat(subscribed("hubert")).isZero();
        Answer called = one.subscribe("hubert", "pro", "", "Accept", "application/problem+json, application/json");
        assertThat(called.status()).isEqualTo(201);
        assertThat(called.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void whatIsSentWhereNothingIsReadIsRefused() {
        String path = "/v1/subscriptions/" + one.subscribe("ian", "pro", "").id();
        Answer unknown = one.post(path + "/resumption", "{\"at\": 1}");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.body().path("errors").path(0).path("pointer").asString())
                .isEqualTo("/at");
        assertThat(one.post(path + "/resumption", "garbage").code()).isEqualTo("malformed-json");
        assertThat(one.post(path + "/resumption", " ".repeat(300_000)).status()).isEqualTo(413);
        for (String type : List.of("text/plain", "nonsense", "application/json;charset=nonsense")) {
            assertThat(one.post(path + "/resumption", "{}", "Content-Type", type)
                            .status())
                    .as(type)
                    .isEqualTo(415);
        }
        assertThat(one.post(path + "/resumption", "{}").status()).isEqualTo(200);
    }

    @Test
    void ofManyCommandsThatExpectTheSameVersionOneIsCarriedOut() throws Exception {
        String path = "/v1/subscriptions/" + one.subscribe("hal", "pro", "").id() + "/quantity-change";
        List<Callable<Answer>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Node node = i % 2 == 0 ? one : two;
            String body = "{\"quantity\": %d}".formatted(10 + i);
            all.add(() -> node.post(path, body, "If-Match", "\"0\""));
        }
        List<Answer> answers = together(all);
        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.status() == 412).hasSize(39);
    }

    @Test
    void commandsOfTwoNodesOnOneSubscriptionAreAllCarriedOut() throws Exception {
        String id = one.subscribe("ida", "pro", "").id();
        List<Callable<Answer>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Node node = i % 2 == 0 ? one : two;
            String body = "{\"quantity\": %d}".formatted(100 + i);
            all.add(() -> node.post("/v1/subscriptions/" + id + "/quantity-change", body));
        }
        assertThat(together(all))
                .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
        assertThat(sql.sql("select count(*) from ledger.event where stream_id = ?::uuid")
                        .param(id)
                        .query(Integer.class)
                        .single())
                .isEqualTo(41);
    }

    @Test
    void aRetiredPlanTakesNobodyNewOnAnyNodeAndKeepsThoseItHas() {
        one.selling("old");
        String id = two.subscribe("jan", "old", "").id();
        assertThat(one.post("/v1/plans/old/retirement", "").status()).isEqualTo(200);
        assertThat(two.subscribe("kim", "old", "").code()).isEqualTo("plan-retired");
        assertThat(two.post("/v1/subscriptions/" + id + "/quantity-change", "{\"quantity\": 2}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aNewVersionOfAPlanIsWhatTheNextCustomerGetsOnEveryNode() {
        one.selling("new");
        assertThat(two.subscribe("lea", "new", "").body().path("planVersion").asInt())
                .isEqualTo(1);
        assertThat(one.post("/v1/plans/new/versions", """
                        {"product": "app", "name": "New", "prices": [
                            {"term": %s, "amount": {"amount": 2900, "currency": "USD"}, "per": "UNIT"}]}
                        """.formatted(Node.MONTH)).status())
                .isEqualTo(201);
        Answer next = two.subscribe("max", "new", "");
        assertThat(next.body().path("planVersion").asInt()).isEqualTo(2);
        assertThat(next.body().path("price").path("amount").path("amount").asInt())
                .isEqualTo(2900);
    }

    @Test
    void ofTwoPlansWithOneSlugOneIsPublished() throws Exception {
        String body = """
                {"slug": "twin", "name": "Twin", "prices": [
                    {"term": %s, "amount": {"amount": 1, "currency": "EGP"}, "per": "FLAT"}]}
                """.formatted(Node.MONTH);
        List<Answer> answers = together(List.of(() -> one.post("/v1/plans", body), () -> two.post("/v1/plans", body)));
        assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(201, 409);
    }

    @Test
    void aReferenceIsUniqueForEver() {
        String id = one.subscribe("nat", "pro", "\"reference\": \"crm-9\"").id();
        assertThat(two.subscribe("oda", "pro", "\"reference\": \"crm-9\"").code())
                .isEqualTo("reference-taken");
        one.post("/v1/subscriptions/" + id + "/cancellation", "{\"when\":\"NOW\"}");
        assertThat(two.subscribe("oda", "pro", "\"reference\": \"crm-9\"").code())
                .isEqualTo("reference-taken");
    }

    @Test
    void anIdOfTheClientsIsKeptAndTakenOnce() {
        String id = "0198c2a4-1111-7000-8000-000000000001";
        assertThat(one.subscribe("pat", "pro", "\"subscriptionId\": \"" + id + "\"")
                        .id())
                .isEqualTo(id);
        assertThat(two.subscribe("que", "pro", "\"subscriptionId\": \"" + id + "\"")
                        .code())
                .isEqualTo("subscription-exists");
    }

    @Test
    void anExpiredSubscriptionIsRenewedOnlyIfTheClaimIsFree() {
        Instant lastMonth = Clock.systemUTC().instant().minusSeconds(40 * 86400L);
        String first = one.subscribe("rob", "pro", "\"autoRenew\": false, \"startAt\": \"" + lastMonth + "\"")
                .id();
        assertThat(one.post("/v1/subscriptions/" + first + "/expiry", "")
                        .body()
                        .path("status")
                        .asString())
                .isEqualTo("EXPIRED");
        String second = two.subscribe("rob", "pro", "").id();
        assertThat(one.post("/v1/subscriptions/" + first + "/renewal", "").code())
                .isEqualTo("live-subscription-exists");
        two.post("/v1/subscriptions/" + second + "/cancellation", "{\"when\":\"NOW\"}");
        Answer revived = one.post("/v1/subscriptions/" + first + "/renewal", "");
        assertThat(revived.body().path("status").asString()).isEqualTo("ACTIVE");
        assertThat(revived.body().path("currentPeriod").path("number").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "unknown-plan           | /v1/subscriptions | {'customerId':'x','plan':'nope','term':{'every':1,'unit':'MONTH'}}",
                "start-too-early        | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'DAY'},'startAt':'1970-01-01T00:00:00Z'}",
                "no-price-for-term      | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':2,'unit':'MONTH'}}",
                "invalid-body /quantity | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'},'quantity':0}",
                "invalid-body /quantity | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'},'quantity':-1}",
                "invalid-body /quantity | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'},'quantity':1000001}",
                "invalid-body /quantity | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'},'quantity':1.5}",
                "invalid-body /quantity | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'},'quantity':'1'}",
                "invalid-body /zone     | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'},'zone':'Mars/Base'}",
                "invalid-body /zone     | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'},'zone':'+02:00'}",
                "invalid-body /anchorDay | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'},'anchorDay':0}",
                "invalid-body /anchorDay | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'},'anchorDay':32}",
                "invalid-body /trialDays | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'},'trialDays':-1}",
                "invalid-body /startAt  | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'},'startAt':'1969-12-31T23:59:59Z'}",
                "invalid-body /startAt  | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'},'startAt':'+10000-01-01T00:00:00Z'}",
                "invalid-body /startAt  | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'},'startAt':'tomorrow'}",
                "start-in-future        | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'},'startAt':'9999-01-01T00:00:00Z'}",
                "invalid-body /color    | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'},'color':'red'}",
                "invalid-body /term/every | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':'1','unit':'MONTH'}}",
                "invalid-body /term/unit | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'month'}}",
                "invalid-body /term     | /v1/subscriptions | {'customerId':'x','plan':'pro','term':{'every':0,'unit':'MONTH'}}",
                "invalid-body /term     | /v1/subscriptions | {'customerId':'x','plan':'pro'}",
                "invalid-body /plan     | /v1/subscriptions | {'customerId':'x','plan':'Not A Slug','term':{'every':1,'unit':'MONTH'}}",
                "invalid-body /customerId | /v1/subscriptions | {'plan':'pro','term':{'every':1,'unit':'MONTH'}}",
                "invalid-body /customerId | /v1/subscriptions | {'customerId':' ','plan':'pro','term':{'every':1,'unit':'MONTH'}}",
                "invalid-body /customerId | /v1/subscriptions | {'customerId':'a\\u0000b','plan':'pro','term':{'every':1,'unit':'MONTH'}}",
                "invalid-body /customerId | /v1/subscriptions | {'customerId':'a\\ud800b','plan':'pro','term':{'every':1,'unit':'MONTH'}}",
                "invalid-body /subscriptionId | /v1/subscriptions | {'subscriptionId':'7','customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'}}",
                "malformed-json         | /v1/subscriptions | {'customerId':",
                "malformed-json         | /v1/subscriptions | ``",
                "invalid-body           | /v1/subscriptions | []",
                "invalid-body /prices/0/amount | /v1/plans | {'slug':'p','name':'P','prices':[{'term':{'every':1,'unit':'MONTH'},'amount':{'amount':-1,'currency':'USD'},'per':'FLAT'}]}",
                "invalid-body /prices/0/amount | /v1/plans | {'slug':'p','name':'P','prices':[{'term':{'every':1,'unit':'MONTH'},'amount':{'amount':9007199254740992,'currency':'USD'},'per':'FLAT'}]}",
                "invalid-body /prices/0/amount/amount | /v1/plans | {'slug':'p','name':'P','prices':[{'term':{'every':1,'unit':'MONTH'},'amount':{'amount':19.5,'currency':'USD'},'per':'FLAT'}]}",
                "invalid-body /prices/0/amount/currency | /v1/plans | {'slug':'p','name':'P','prices':[{'term':{'every':1,'unit':'MONTH'},'amount':{'amount':19,'currency':'ZZZ'},'per':'FLAT'}]}",
                "invalid-body /prices/0/amount | /v1/plans | {'slug':'p','name':'P','prices':[{'term':{'every':1,'unit':'MONTH'},'amount':{'amount':19,'currency':'XXX'},'per':'FLAT'}]}",
                "invalid-body /prices   | /v1/plans | {'slug':'p','name':'P','prices':[]}",
                "invalid-body /prices   | /v1/plans | {'slug':'p','name':'P','prices':[{'term':{'every':1,'unit':'MONTH'},'amount':{'amount':20,'currency':'USD'},'per':'FLAT'},{'term':{'every':1,'unit':'YEAR'},'amount':{'amount':19,'currency':'USD'},'per':'FLAT'}]}",
                "invalid-body /limits/0 | /v1/plans | {'slug':'p','name':'P','limits':[{'metric':'m','max':-1,'kind':'PER_PERIOD','mode':'HARD'}],'prices':[{'term':{'every':1,'unit':'MONTH'},'amount':{'amount':20,'currency':'USD'},'per':'FLAT'}]}",
                "invalid-body /name     | /v1/plans | {'slug':'p','name':'','prices':[{'term':{'every':1,'unit':'MONTH'},'amount':{'amount':20,'currency':'USD'},'per':'FLAT'}]}",
                "plan-exists            | /v1/plans | {'slug':'pro','name':'P','prices':[{'term':{'every':1,'unit':'MONTH'},'amount':{'amount':20,'currency':'USD'},'per':'FLAT'}]}",
                "plan-not-found         | /v1/plans/nope/retirement | {}",
                "plan-not-found         | /v1/plans/NO!/retirement | {}",
                "subscription-not-found | /v1/subscriptions/0198c2a4-0000-7000-8000-00000000dead/cancellation | {'when':'NOW'}",
                "subscription-not-found | /v1/subscriptions/17/cancellation | {'when':'NOW'}",
                "invalid-body /when     | /v1/subscriptions/0198c2a4-0000-7000-8000-00000000dead/cancellation | {'when':'LATER'}",
                "unknown-parameter      | /v1/subscriptions?dry=true | {'customerId':'x','plan':'pro','term':{'every':1,'unit':'MONTH'}}",
                "invalid-body /to       | /v1/admin/clock/advance | {'to':'9000-01-01T00:00:00.000001Z'}",
                "clock-is-live          | /v1/admin/clock/advance | {'to':'2100-01-01T00:00:00Z'}"
            })
    void badInputGetsAClearProblemAndChangesNothing(String expected, String path, String body) {
        long before = events();
        Answer answer = one.post(path, body.replace('\'', '"'));
        assertThat(answer.status()).isBetween(400, 499);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        String pointer = answer.body().path("errors").path(0).path("pointer").asString();
        assertThat((answer.code() + " " + pointer).strip()).isEqualTo(expected);
        assertThat(events()).isEqualTo(before);
    }

    @Test
    void whatIsTooLargeIsRefused() {
        String huge = "\"reference\": \"" + "x".repeat(300 * 1024) + "\"";
        assertThat(one.subscribe("x", "pro", huge).code()).isEqualTo("body-too-large");
        String tenThousand = "\"reference\": \"" + "x".repeat(10_000) + "\"";
        assertThat(one.subscribe("x", "pro", tenThousand).code()).isEqualTo("invalid-body");
        assertThat(one.subscribe("x", "pro", "", "Idempotency-Key", "k".repeat(256))
                        .code())
                .isEqualTo("invalid-parameter");
    }

    @Test
    void whatCannotBeChargedIsRefused() {
        one.post("/v1/plans", """
                {"slug": "dear", "name": "Dear", "prices": [
                    {"term": %s, "amount": {"amount": 9007199254740991, "currency": "USD"}, "per": "UNIT"}]}
                """.formatted(Node.MONTH));
        assertThat(one.subscribe("x", "dear", "\"quantity\": 2").code()).isEqualTo("amount-too-large");
    }

    private static long events() {
        return sql.sql("select count(*) from ledger.event").query(Long.class).single();
    }

    private static int subscribed(String customer) {
        return sql.sql(
                        "select count(*) from ledger.event where type = 'subscription.subscribed' and payload ->> 'customer' = ?")
                .param(customer)
                .query(Integer.class)
                .single();
    }

    private static List<Answer> together(List<Callable<Answer>> all) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> answer : threads.invokeAll(all)) {
                answers.add(answer.get());
            }
            return answers;
        }
    }
}
