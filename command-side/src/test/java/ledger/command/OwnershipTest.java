package ledger.command;

import static org.assertj.core.api.Assertions.assertThat;

import ledger.command.Node.Answer;
import ledger.testing.TestDatabase;
import ledger.testing.TestIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Customers command what is theirs; what is not, and what is another tenant's, is not there. */
class OwnershipTest {

    private static final TestIssuer ISSUER = TestIssuer.shared();
    private static final String MISSING = "0198c2a4-0000-7000-8000-00000000dead";

    private static Node operator;
    private static Node ann;
    private static Node bob;
    private static Node stranger;
    private static String annsOwn;

    @BeforeAll
    static void start() {
        operator = Node.on(TestDatabase.create()).selling("pro");
        ann = operator.as(ISSUER.token("ann", "customer"));
        bob = operator.as(ISSUER.token("bob", "customer"));
        stranger = operator.as(ISSUER.tokenOf("acme", "ann", "admin"));
        stranger.selling("pro");
        annsOwn = subscribe(ann, "").id();
    }

    @AfterAll
    static void stop() {
        operator.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "POST   | cancellation    | {'when':'NOW'}",
                "DELETE | cancellation    | ``",
                "POST   | renewal         | ``",
                "PUT    | auto-renew      | {'enabled':false}",
                "POST   | plan-change     | {'plan':'pro','when':'NOW'}",
                "POST   | plan-change     | {'plan':'pro','term':{'every':1,'unit':'YEAR'},'when':'NOW'}",
                "DELETE | plan-change     | ``",
                "POST   | quantity-change | {'quantity':2}",
                "POST   | pause           | {}",
                "POST   | resumption      | ``"
            })
    void somebodyElsesSubscriptionIsAnsweredExactlyLikeOneThatNobodyHas(String method, String what, String body) {
        for (Node other : new Node[] {bob, stranger}) {
            for (String[] headers : new String[][] {{}, {"If-Match", "\"0\""}, {"If-Match", "\"7\""}}) {
                assertThat(told(other, method, annsOwn, what, body, headers))
                        .isEqualTo(told(other, method, MISSING, what, body, headers))
                        .startsWith("404 ")
                        .contains("subscription-not-found");
            }
            String key = method + " " + what + " " + body;
            assertThat(told(other, method, annsOwn, what, body, "Idempotency-Key", key))
                    .as("and so is its repeat")
                    .isEqualTo(told(other, method, annsOwn, what, body, "Idempotency-Key", key));
        }
        assertThat(operator.post("/v1/subscriptions/" + annsOwn + "/expiry", "").header("ETag"))
                .isIn("", "\"0\"");
    }

    private static String told(Node node, String method, String id, String what, String body, String... headers) {
        Answer answer = node.send(method, "/v1/subscriptions/" + id + "/" + what, body.replace('\'', '"'), headers);
        return (answer.status() + " " + answer.response().headers().map().keySet() + " " + answer.body())
                .replace(id, "ID");
    }

    @Test
    void aCustomerSubscribesForItselfOnTheTermsOfThePlan() {
        Node eve = operator.as(ISSUER.token("eve", "customer"));
        assertThat(subscribe(eve, ", \"customerId\": \"ann\"").code()).isEqualTo("forbidden");
        assertThat(subscribe(eve, ", \"startAt\": \"2020-01-01T00:00:00Z\"").code())
                .isEqualTo("forbidden");
        assertThat(subscribe(eve, ", \"trialDays\": 3650").code()).isEqualTo("forbidden");
        Answer own = subscribe(eve, ", \"customerId\": \"eve\", \"trialDays\": 0");
        assertThat(own.status()).isEqualTo(201);
        assertThat(own.body().path("customerId").asString()).isEqualTo("eve");
        assertThat(subscribe(operator, "").code())
                .as("an operator says for whom")
                .isEqualTo("invalid-body");
    }

    @Test
    void aKeyBelongsToWhoUsedIt() {
        Node flo = operator.as(ISSUER.token("flo", "customer"));
        Node gus = operator.as(ISSUER.token("gus", "customer"));
        Node otherFlo = operator.as(ISSUER.tokenOf("acme", "flo", "customer"));
        Answer first = subscribe(flo, "", "Idempotency-Key", "k");
        assertThat(subscribe(gus, "", "Idempotency-Key", "k").id()).isNotEqualTo(first.id());
        assertThat(subscribe(otherFlo, "", "Idempotency-Key", "k").id()).isNotEqualTo(first.id());
        assertThat(subscribe(flo, "", "Idempotency-Key", "k").body()).isEqualTo(first.body());
    }

    @Test
    void anAnswerThatWasGivenToAnOperatorIsNotRepeatedToACustomer() {
        Node once = operator.as(ISSUER.token("hal", "operator"));
        String path = "/v1/subscriptions/" + annsOwn + "/resumption";
        assertThat(once.post(path, "", "Idempotency-Key", "h").status()).isEqualTo(200);
        Node now = operator.as(ISSUER.token("hal", "customer"));
        assertThat(now.post(path, "", "Idempotency-Key", "h").code()).isEqualTo("subscription-not-found");
    }

    @Test
    void tenantsShareNeitherReferencesNorRulesNorPlans() {
        assertThat(operator.subscribe("ivy", "pro", "\"reference\": \"r-1\"").status())
                .isEqualTo(201);
        assertThat(stranger.subscribe("ivy", "pro", "\"reference\": \"r-1\"").status())
                .isEqualTo(201);
        stranger.selling("theirs");
        assertThat(operator.subscribe("joe", "theirs", "").code()).isEqualTo("unknown-plan");
        assertThat(operator.post("/v1/plans/theirs/retirement", "").code()).isEqualTo("plan-not-found");
    }

    private static Answer subscribe(Node node, String more, String... headers) {
        return node.post(
                "/v1/subscriptions", "{\"plan\": \"pro\", \"term\": %s%s}".formatted(Node.MONTH, more), headers);
    }
}
