package ledger.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import ledger.standalone.Client.Answer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What systems of this kind were seen to allow, or to answer with a 500, tried from outside; their other faults have tests of the domain. */
class FaultsSeenElsewhereTest {

    private static Client admin;
    private static Client una;
    private static String unas;

    @BeforeAll
    static void start() {
        RunningLedger ledger = RunningLedger.shared();
        Client nobody = new Client(ledger.url(), null);
        admin = nobody.as(ledger.token());
        una = nobody.as(ledger.token("--role", "customer", "--subject", "una"));
        sell("cheap", 100);
        sell("dear", 10_000);
        Answer subscribed = subscribe(una, "cheap");
        assertThat(subscribed.status()).isEqualTo(201);
        unas = "/v1/subscriptions/" + subscribed.text("subscriptionId");
        assertThat(subscribed.header("Location")).as("a create tells its id").isEqualTo(unas);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PATCH  | ``               | {'endsAt':'2099-12-31T00:00:00Z'}                  | method-not-allowed",
                "PATCH  | ``               | {'plan':'dear'}                                    | method-not-allowed",
                "PUT    | ``               | {'currentPeriod':{'end':'2099-12-31T00:00:00Z'}}   | method-not-allowed",
                "POST   | /quantity-change | {'quantity':1,'endsAt':'2099-12-31T00:00:00Z'}     | invalid-body",
                "POST   | /plan-change     | {'plan':'dear','when':'NOW','price':{'amount':1}}  | invalid-body",
                "POST   | /renewal         | {'until':'2099-12-31T00:00:00Z'}                   | invalid-body",
                "DELETE | ``               | ``                                                 | method-not-allowed"
            })
    void anOwnerSetsNeitherItsPriceNorItsEndAndDeletesNothing(String method, String what, String body, String code) {
        assertThat(una.send(method, unas + what, body.replace('\'', '"')).text("code"))
                .isEqualTo(code);
        Answer seen = una.get(unas);
        assertThat(seen.text("plan")).isEqualTo("cheap");
        assertThat(seen.body().path("version").asInt()).isZero();
    }

    @Test
    void aPlanInUseIsNotDeletedButRetiredAndKeepsWhoIsOnIt() {
        sell("fading", 100);
        Answer subscribed = subscribe(admin, "fading", "\"customerId\": \"ute\", ");
        String path = "/v1/subscriptions/" + subscribed.text("subscriptionId");
        assertThat(admin.send("DELETE", "/v1/plans/fading", "").text("code")).isEqualTo("method-not-allowed");
        assertThat(admin.post("/v1/plans/fading/retirement", "").status()).isEqualTo(200);
        assertThat(subscribe(admin, "fading", "\"customerId\": \"uwe\", ").text("code"))
                .isEqualTo("plan-retired");
        assertThat(admin.post(path + "/quantity-change", "{\"quantity\": 2}").status())
                .isEqualTo(200);
    }

    @Test
    void anotherPriceIsForThoseWhoComeAfterIt() {
        sell("rising", 100);
        Answer before = subscribe(admin, "rising", "\"customerId\": \"udo\", ");
        admin.post("/v1/plans/rising/versions", terms("rising", 900));
        Answer after = subscribe(admin, "rising", "\"customerId\": \"ulf\", ");
        assertThat(price(before)).isEqualTo(100);
        assertThat(price(after)).isEqualTo(900);
        String path = "/v1/subscriptions/" + before.text("subscriptionId");
        assertThat(price(admin.post(path + "/quantity-change", "{\"quantity\": 3}")))
                .isEqualTo(100);
    }

    @Test
    void keysThatDifferInOneCharacterAreTwoRequestsHoweverSoonTheyCome() {
        sell("keyed", 100);
        Answer subscribed = subscribe(admin, "keyed", "\"customerId\": \"urs\", ");
        String path = "/v1/subscriptions/" + subscribed.text("subscriptionId") + "/usage";
        String one = "{\"metric\": \"calls\", \"quantity\": 1}";
        for (String key : new String[] {"2026-01-31T00:00:01Z", "2026-01-31T00:00:02Z", "2026-01-31T00:00:01Z"}) {
            admin.send("POST", path, one, "Idempotency-Key", key);
        }
        assertThat(admin.post(path, one).body().path("used").asInt()).isEqualTo(3);
    }

    private static long price(Answer answer) {
        return answer.body().at("/price/amount/amount").asLong();
    }

    private static void sell(String plan, long price) {
        Answer sold = admin.post(
                "/v1/plans",
                "{\"slug\": \"" + plan + "\", " + terms(plan, price).substring(1));
        assertThat(sold.status()).isEqualTo(201);
    }

    private static String terms(String plan, long price) {
        return """
                {"product": "%s", "name": "Plan", "prices": [{"term": {"every": 1, "unit": "MONTH"},
                    "amount": {"amount": %d, "currency": "USD"}, "per": "UNIT"}],
                 "limits": [{"metric": "calls", "max": 100, "kind": "PER_PERIOD", "mode": "HARD"}]}
                """.formatted(plan.equals("dear") ? "cheap" : plan, price);
    }

    private static Answer subscribe(Client client, String plan) {
        return subscribe(client, plan, "");
    }

    private static Answer subscribe(Client client, String plan, String more) {
        return client.post(
                "/v1/subscriptions",
                "{%s\"plan\": \"%s\", \"term\": {\"every\": 1, \"unit\": \"MONTH\"}}".formatted(more, plan));
    }
}
