package ledger.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import ledger.standalone.Client.Answer;
import ledger.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What auditors are told of the past, of what would have been, and of what was wrong, by both sides together. */
class AuditorsTest {

    private static final int INSTANTS = 200;
    private static final Instant START = Instant.parse("2024-01-31T09:00:00Z");

    private static RunningLedger ledger;
    private static Client admin;
    private static JdbcClient sql;

    @BeforeAll
    static void start() {
        TestDatabase database = TestDatabase.create();
        sql = JdbcClient.create(database.dataSource());
        ledger = RunningLedger.on(database);
        admin = new Client(ledger.url(), ledger.token());
        assertThat(admin.send("PUT", "/v1/admin/clock", "{\"now\": \"%s\"}".formatted(START))
                        .status())
                .isEqualTo(200);
        for (String plan : List.of("small", "large")) {
            assertThat(admin.post("/v1/plans", plan(plan, 100)).status()).isEqualTo(201);
        }
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static String plan(String slug, int amount) {
        return """
                {"slug": "%s", "product": "story", "name": "%s", "trialDays": 3, "prices": [
                    {"term": {"every": 1, "unit": "MONTH"}, "amount": {"amount": %d, "currency": "USD"}, "per": "UNIT"},
                    {"term": {"every": 1, "unit": "WEEK"}, "amount": {"amount": 400, "currency": "USD"}, "per": "FLAT"}],
                 "limits": [{"metric": "calls", "max": 20, "kind": "PER_PERIOD", "mode": "HARD"},
                    {"metric": "seats", "max": 5, "kind": "ALLOCATION", "mode": "SOFT"}]}
                """.formatted(slug, slug, amount);
    }

    private record Asked(String path, Instant at, Instant known, JsonNode told) {}

    @Test
    void thePastIsWhatALiveSystemAnsweredThen() {
        SplittableRandom random = new SplittableRandom(7);
        List<String> ids = new ArrayList<>();
        List<Asked> asked = new ArrayList<>();
        String position = "0";
        Instant now = START;
        for (int i = 0; i < INSTANTS; i++) {
            Answer said = ids.size() < 8 || random.nextInt(12) == 0 ? subscribe(i, random) : change(ids, random);
            position = said.response().headers().firstValue("Ledger-Position").orElse(position);
            if (said.status() == 201
                    && !said.text("subscriptionId").isEmpty()
                    && !ids.contains(said.text("subscriptionId"))) {
                ids.add(said.text("subscriptionId"));
            }
            if (random.nextInt(3) > 0) {
                now = now.plus(Duration.ofMinutes(random.nextInt(1, 6 * 24 * 60)));
                position = admin.post("/v1/admin/clock/advance", "{\"to\": \"%s\"}".formatted(now))
                        .response()
                        .headers()
                        .firstValue("Ledger-Position")
                        .orElseThrow();
            }
            for (String path : questions(ids, random)) {
                JsonNode told =
                        admin.send("GET", path, "", "Ledger-Position", position).body();
                asked.add(new Asked(path, now, recordingTime(), told));
            }
        }
        for (Asked one : asked) {
            String then = one.path + (one.path.contains("?") ? "&" : "?") + "asOf=" + one.at + "&knownAt=" + one.known;
            assertThat(comparable(admin.get(then).body())).as(then).isEqualTo(comparable(one.told));
        }
        assertThat(asked).hasSizeGreaterThan(2 * INSTANTS);
    }

    private static Answer subscribe(int number, SplittableRandom random) {
        return admin.post("/v1/subscriptions", """
                {"customerId": "c-%d", "plan": "%s", "term": {"every": 1, "unit": "%s"}, "quantity": %d, "autoRenew": %b,
                 "trialDays": %d, "zone": "Europe/Berlin"}""".formatted(
                        number,
                        random.nextBoolean() ? "small" : "large",
                        random.nextBoolean() ? "MONTH" : "WEEK",
                        random.nextInt(1, 5),
                        random.nextInt(3) > 0,
                        random.nextInt(3)));
    }

    /** Whatever it is answered: what is refused changes nothing. */
    private static Answer change(List<String> ids, SplittableRandom random) {
        String path = "/v1/subscriptions/" + ids.get(random.nextInt(ids.size()));
        return switch (random.nextInt(14)) {
            case 0 -> admin.post(path + "/cancellation", "{\"when\": \"NOW\", \"reason\": \"r\"}");
            case 1 -> admin.post(path + "/cancellation", "{\"when\": \"PERIOD_END\"}");
            case 2 -> admin.send("DELETE", path + "/cancellation", "");
            case 3 -> admin.send("PUT", path + "/auto-renew", "{\"enabled\": %b}".formatted(random.nextBoolean()));
            case 4 -> admin.post(path + "/plan-change", "{\"plan\": \"small\", \"when\": \"NOW\"}");
            case 5 -> admin.post(path + "/plan-change", "{\"plan\": \"large\", \"when\": \"PERIOD_END\"}");
            case 6 -> admin.post(path + "/quantity-change", "{\"quantity\": %d}".formatted(random.nextInt(1, 5)));
            case 7 -> admin.post(path + "/pause", "{}");
            case 8 -> admin.post(path + "/renewal", "");
            case 9, 10 ->
                admin.post(
                        path + "/usage", "{\"metric\": \"calls\", \"quantity\": %d}".formatted(random.nextInt(1, 9)));
            case 11, 12 ->
                admin.post(
                        path + "/usage", "{\"metric\": \"seats\", \"quantity\": %d}".formatted(random.nextInt(-2, 4)));
            default ->
                admin.post(
                        "/v1/plans/large/versions",
                        plan("large", random.nextInt(100, 999)).replace("\"slug\": \"large\", ", ""));
        };
    }

    private static List<String> questions(List<String> ids, SplittableRandom random) {
        String filter = List.of(
                        "?limit=3",
                        "?status=ACTIVE",
                        "?status=CANCELED&sort=-periodEnd",
                        "?status=EXPIRED&limit=2",
                        "?plan=large&sort=-startedAt&limit=4",
                        "?autoRenew=false&sort=periodEnd",
                        "?endsBefore=2024-06-01T00:00:00Z")
                .get(random.nextInt(7));
        String one = "/v1/subscriptions/" + ids.get(random.nextInt(ids.size()));
        List<String> all = new ArrayList<>(List.of(
                one,
                one + "/limits",
                "/v1/subscriptions" + filter,
                "/v1/customers/c-" + random.nextInt(8) + "/access?metric="
                        + (random.nextBoolean() ? "calls" : "seats")));
        if (random.nextInt(4) == 0) {
            all.add("/v1/statistics");
            all.add("/v1/plans");
            all.add("/v1/plans/large");
            all.add("/v1/plans/large/versions/" + random.nextInt(1, 4));
        }
        return all;
    }

    private static Instant recordingTime() {
        return sql.sql("select clock_timestamp()")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    /** The past has a count that the present has not, and was read at another position. */
    /** A cursor says of which question it is; that there is one has to be the same. */
    private static JsonNode comparable(JsonNode told) {
        if (!(told instanceof ObjectNode object)) {
            return told;
        }
        boolean isCutOff = object.has("nextCursor");
        return object.without(List.of("total", "position", "nextCursor")).put("isCutOff", isCutOff);
    }

    @Test
    void aCorrectionSettlesMoneyOnceAndHistoryShowsBoth() {
        Answer subscribed = subscribe(100_000, new SplittableRandom(1));
        String path = "/v1/subscriptions/" + subscribed.text("subscriptionId");
        String body = "{\"corrects\": 0, \"reason\": \"typo\", \"credit\": {\"amount\": 7, \"currency\": \"USD\"}}";
        long before = credited();
        Answer corrected = admin.post(path + "/corrections", body);
        assertThat(corrected.status()).isEqualTo(201);
        assertThat(corrected.body().path("version").asLong()).isEqualTo(1);
        assertThat(admin.post(path + "/corrections", body)
                        .body()
                        .path("version")
                        .asLong())
                .isEqualTo(1);
        assertThat(admin.post(path + "/corrections", body.replace("7", "8")).text("code"))
                .isEqualTo("already-corrected");
        assertThat(admin.post(path + "/corrections", body.replace(": 0", ": 9")).text("code"))
                .isEqualTo("unknown-version");
        assertThat(admin.post(path + "/corrections", body.replace("USD", "EUR").replace(": 0", ": 1"))
                        .text("code"))
                .isEqualTo("other-currency");
        assertThat(admin.post(path + "/corrections", "{\"corrects\": 0, \"reason\": \"typo\"}")
                        .text("code"))
                .isEqualTo("invalid-body");
        JsonNode items = admin.get(path + "/history").body().path("items");
        assertThat(items.path(0).path("correctedBy").asLong()).isEqualTo(1);
        assertThat(items.path(1).path("corrects").asLong(-1)).isZero();
        assertThat(items.path(1).path("cause").asString()).isEqualTo("command:Correct");
        assertThat(items.path(1).path("sentence").asString()).contains("(“typo”). USD 0.07 is credited");
        assertThat(credited()).isEqualTo(before + 7);
    }

    private static long credited() {
        long head = sql.sql("select max(position) from ledger.event")
                .query(Long.class)
                .single();
        JsonNode sums = admin.send("GET", "/v1/statistics", "", "Ledger-Position", Long.toString(head))
                .body()
                .path("credited");
        return sums.valueStream()
                .filter(sum -> sum.path("currency").asString().equals("USD"))
                .mapToLong(sum -> sum.path("amount").asLong())
                .sum();
    }

    @Test
    void whatIfTellsTheDifferenceAndStoresNothingButThatItWasAsked() {
        Answer subscribed = admin.post(
                "/v1/subscriptions",
                "{\"customerId\": \"w\", \"plan\": \"small\", \"term\": {\"every\": 1, \"unit\": \"MONTH\"}, \"trialDays\": 0}");
        String path = "/v1/subscriptions/" + subscribed.text("subscriptionId");
        Answer answer = admin.post(path + "/what-if", "{\"term\": {\"every\": 1, \"unit\": \"WEEK\"}}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("whatIf").path("charged").path("amount").asLong())
                .isEqualTo(400);
        assertThat(answer.body().path("difference").path("net").path("amount").asLong())
                .isEqualTo(300);
        assertThat(answer.body().path("periods").path(0).path("number").asInt()).isEqualTo(1);
        assertThat(admin.get(path).body().path("version").asLong()).isZero();
        assertThat(sql.sql("select payload -> 'parameters' ->> 'term' from ledger.event "
                                + "where type = 'audit.what-if-asked' order by position desc limit 1")
                        .query(String.class)
                        .single())
                .isEqualTo("1 WEEK");
        assertThat(admin.post(path + "/what-if", "{}").text("code")).isEqualTo("invalid-body");
        assertThat(admin.post(path + "/what-if", "{\"plan\": \"none\"}").text("code"))
                .isEqualTo("unknown-plan");
        assertThat(admin.post(path + "/what-if", "{\"term\": {\"every\": 1, \"unit\": \"DAY\"}}")
                        .text("code"))
                .isEqualTo("no-price-for-term");
        assertThat(admin.post(path + "/what-if", "{\"plan\": \"large\", \"from\": \"2099-01-01T00:00:00Z\"}")
                        .text("code"))
                .isEqualTo("as-of-in-future");
    }

    @Test
    void aBadMomentIsToldWhatIsBadAboutIt() {
        Client live = admin.as(ledger.token("--tenant", "real"));
        Instant now = recordingTime();
        assertThat(code(live, "/v1/statistics?asOf=2999-01-01T00:00:00Z")).isEqualTo("as-of-in-future");
        assertThat(code(live, "/v1/statistics?asOf=" + now.minusSeconds(9) + "&knownAt=2999-01-01T00:00:00Z"))
                .isEqualTo("known-in-future");
        assertThat(code(live, "/v1/statistics?asOf=" + now.minusSeconds(9) + "&knownAt=" + now.minusSeconds(10)))
                .isEqualTo("known-before-as-of");
        assertThat(code(live, "/v1/subscriptions?knownAt=" + now)).isEqualTo("invalid-parameter");
        assertThat(code(live, "/v1/plans?asOf=yesterday")).isEqualTo("invalid-parameter");
        String id = subscribe(200_000, new SplittableRandom(2)).text("subscriptionId");
        assertThat(code(admin, "/v1/subscriptions/" + id + "?asOf=1999-01-01T00:00:00Z"))
                .isEqualTo("subscription-not-found");
        assertThat(code(live, "/v1/subscriptions/" + id + "?asOf=" + now)).isEqualTo("subscription-not-found");
        assertThat(code(admin, "/v1/plans/small?asOf=1999-01-01T00:00:00Z")).isEqualTo("plan-not-found");
        assertThat(live.get("/v1/subscriptions?asOf=" + now)
                        .body()
                        .path("total")
                        .asLong(-1))
                .isZero();
    }

    private static String code(Client who, String path) {
        return who.get(path).text("code");
    }
}
