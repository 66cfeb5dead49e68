package ledger.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ledger.command.Node.Answer;
import ledger.testing.TestDatabase;
import ledger.testing.TestIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A node decides on what it remembers of a stream; nobody can tell, however often another node writes to it. */
class MemoriesTest {

    private static Node one;
    private static Node two;

    @BeforeAll
    static void start() {
        TestDatabase database = TestDatabase.create();
        one = Node.on(database).selling("pro");
        two = Node.on(database);
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
    }

    @Test
    void aCommandIsDecidedOnWhatAnotherNodeHasStored() {
        String id = one.subscribe("stored", "pro", "").id();
        for (int quantity = 2; quantity < 10; quantity++) {
            Node node = quantity % 2 == 0 ? two : one;
            Answer changed =
                    node.post("/v1/subscriptions/" + id + "/quantity-change", "{\"quantity\": " + quantity + "}");
            assertThat(changed.status()).isEqualTo(200);
            assertThat(changed.body().path("version").asInt()).isEqualTo(quantity - 1);
        }
    }

    @Test
    void whatOnceHeldIsDoneAgainWhenAnotherNodeHasUndoneIt() {
        String renewing =
                "/v1/subscriptions/" + one.subscribe("undone", "pro", "").id() + "/auto-renew";
        assertThat(one.put(renewing, "{\"enabled\": false}")
                        .body()
                        .path("version")
                        .asInt())
                .isEqualTo(1);
        assertThat(two.put(renewing, "{\"enabled\": true}")
                        .body()
                        .path("version")
                        .asInt())
                .isEqualTo(2);

        Answer again = one.put(renewing, "{\"enabled\": false}");

        assertThat(again.body().path("autoRenew").asBoolean()).isFalse();
        assertThat(again.body().path("version").asInt()).isEqualTo(3);
    }

    @Test
    void whatHoldsAlreadyByAnotherNodeIsNotDoneAgain() {
        String renewing =
                "/v1/subscriptions/" + one.subscribe("holds", "pro", "").id() + "/auto-renew";
        assertThat(two.put(renewing, "{\"enabled\": false}")
                        .body()
                        .path("version")
                        .asInt())
                .isEqualTo(1);
        assertThat(one.put(renewing, "{\"enabled\": false}")
                        .body()
                        .path("version")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void nothingIsRefusedOnTheWordOfMemory() {
        String path = "/v1/subscriptions/" + one.subscribe("refused", "pro", "").id();
        assertThat(one.put(path + "/auto-renew", "{\"enabled\": false}").status())
                .isEqualTo(200);
        assertThat(two.put(path + "/auto-renew", "{\"enabled\": true}").status())
                .isEqualTo(200);
        // As far as one remembers, auto-renew is off, and it could be renewed by hand; and it is at version 1.
        assertThat(one.post(path + "/renewal", "").code()).isEqualTo("renews-automatically");
        assertThat(two.put(path + "/auto-renew", "{\"enabled\": false}").status())
                .isEqualTo(200);
        assertThat(one.put(path + "/auto-renew", "{\"enabled\": true}", "If-Match", "\"3\"")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void norIsACommandMadeFromItThatWouldBeRefused() {
        assertThat(one.post("/v1/plans", """
                {"slug": "yearly", "product": "app", "name": "Yearly", "prices": [
                    {"term": {"every": 1, "unit": "YEAR"}, "amount": {"amount": 20000, "currency": "USD"}, "per": "UNIT"}]}
                """).status()).isEqualTo(201);
        String path = "/v1/subscriptions/" + one.subscribe("made", "pro", "").id() + "/plan-change";
        assertThat(two.post(path, """
                {"plan": "pro", "term": {"every": 1, "unit": "YEAR"}, "when": "NOW"}""").status()).isEqualTo(200);
        // As far as one remembers, it is paid by the month, for which this plan has no price.
        assertThat(one.post(path, "{\"plan\": \"yearly\", \"when\": \"NOW\"}").status())
                .isEqualTo(200);
    }

    @Test
    void whatIsRememberedForItsCustomerIsNotThereForAnother() {
        String id = one.subscribe("ann", "pro", "").id();
        Node bob = one.as(TestIssuer.shared().token("bob", "customer"));
        Node ann = one.as(TestIssuer.shared().token("ann", "customer"));
        assertThat(bob.post("/v1/subscriptions/" + id + "/quantity-change", "{\"quantity\": 2}")
                        .code())
                .isEqualTo("subscription-not-found");
        assertThat(ann.post("/v1/subscriptions/" + id + "/quantity-change", "{\"quantity\": 2}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void manyCommandsOnOneSubscriptionFromBothNodesAreAllCarriedOut() throws Exception {
        String id = one.subscribe("many", "pro", "").id();
        List<Callable<Answer>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Node node = i % 2 == 0 ? one : two;
            String quantity = "{\"quantity\": " + (i + 2) + "}";
            all.add(() -> node.post("/v1/subscriptions/" + id + "/quantity-change", quantity));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> answer : threads.invokeAll(all)) {
                assertThat(answer.get().status()).isEqualTo(200);
            }
        }
        assertThat(two.post("/v1/subscriptions/" + id + "/pause", "{}")
                        .body()
                        .path("version")
                        .asInt())
                .isEqualTo(41);
    }
}
