package ledger.standalone;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import ledger.testing.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the whole system makes of RavenStack is what a calculation says that shares nothing with it: the rows of the file, the
 * calendar of {@code java.time}, and the price list.
 */
class ReplayTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant END = Instant.parse("2025-01-01T00:00:00Z");

    @Test
    void aTenthOfTheAccountsEndsUpExactlyAsCalculated() throws Exception {
        try (RunningLedger ledger = RunningLedger.on(TestDatabase.create())) {
            StringWriter said = new StringWriter();
            assertThat(Standalone.commandLine()
                            .setOut(new PrintWriter(said))
                            .execute(
                                    "replay",
                                    "--url",
                                    ledger.url(),
                                    "--admin-client",
                                    ledger.adminClient(),
                                    "--share",
                                    "0.1",
                                    "--json"))
                    .isZero();

            assertThat(subscriptionsOf(ledger)).isEqualTo(expected(50));
            assertTotals(ledger, 50);
            assertThat(numbers(JSON.readTree(said.toString()).path("usage"))).isEqualTo(verdicts(50));
        }
    }

    @Test
    void aReplayThatIsStoppedAndStartedAgainDoublesNothing() throws Exception {
        TestDatabase database = TestDatabase.create();
        Path data; // kept, as a user keeps it: keys are good for the client that sent them
        try (RunningLedger ledger = RunningLedger.on(database)) {
            data = ledger.data();
            Thread stopped = Thread.ofPlatform().start(() -> replay(ledger, "0.04"));
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> statistics(ledger)
                                    .path("events")
                                    .path("subscription.subscribed")
                                    .asInt()
                            > 60);
            stopped.interrupt();
            stopped.join();
            assertThat(Instant.parse(
                            get(ledger, "/v1/admin/clock", "0").path("now").asString()))
                    .isBefore(END);
        }
        try (RunningLedger ledger = RunningLedger.on(database, data)) {
            assertThat(replay(ledger, "0.04")).isZero();
            assertThat(replay(ledger, "0.04")).as("once more, at the end").isZero();

            assertThat(subscriptionsOf(ledger)).isEqualTo(expected(20));
            assertTotals(ledger, 20);
        }
    }

    @Test
    void theSummarySaysWhatTheLedgerSays() throws Exception {
        try (RunningLedger ledger = RunningLedger.on(TestDatabase.create())) {
            StringWriter said = new StringWriter();
            Standalone.commandLine()
                    .setOut(new PrintWriter(said))
                    .execute(
                            "replay",
                            "--url",
                            ledger.url(),
                            "--admin-client",
                            ledger.adminClient(),
                            "--share",
                            "0.01",
                            "--json");

            JsonNode summary = JSON.readTree(said.toString());
            assertThat(summary.path("accounts").asInt()).isEqualTo(5);
            assertThat(summary.path("subscriptions").asInt()).isEqualTo(lives(5).size());
            assertThat(summary.path("statistics")).isEqualTo(statistics(ledger));
        }
    }

    @Test
    void aLedgerInUseIsNotReplayedOnto() throws Exception {
        try (RunningLedger ledger = RunningLedger.on(TestDatabase.create())) {
            HTTP.send(
                    HttpRequest.newBuilder(URI.create(ledger.url() + "/v1/products/somebodys/policy"))
                            .header("Authorization", ledger.asAdmin())
                            .header("Content-Type", "application/json")
                            .PUT(HttpRequest.BodyPublishers.ofString("{\"maxLivePerCustomer\": 3}"))
                            .build(),
                    BodyHandlers.discarding());

            assertThat(replay(ledger, "0.1")).isEqualTo(1);
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(numbers(statistics(ledger).path("events")))
                            .isEqualTo(Map.of("product.policy-set", 1L)));
        }
    }

    private static int replay(RunningLedger ledger, String share) {
        return Standalone.commandLine()
                .setOut(new PrintWriter(Writer.nullWriter()))
                .setErr(new PrintWriter(Writer.nullWriter()))
                .execute("replay", "--url", ledger.url(), "--admin-client", ledger.adminClient(), "--share", share);
    }

    private static void assertTotals(RunningLedger ledger, int accounts) throws Exception {
        JsonNode statistics = statistics(ledger);
        List<Life> lives = lives(accounts);
        assertThat(numbers(statistics.path("subscriptions")))
                .isEqualTo(lives.stream().collect(Collectors.groupingBy(Life::status, Collectors.counting())));
        assertThat(numbers(statistics.path("events")))
                .isEqualTo(Map.of(
                        "usage.recorded",
                        verdicts(accounts).entrySet().stream()
                                .filter(verdict -> Set.of("granted", "flagged").contains(verdict.getKey()))
                                .mapToLong(Map.Entry::getValue)
                                .sum(),
                        "product.policy-set",
                        1L,
                        "plan.published",
                        6L,
                        "subscription.subscribed",
                        (long) lives.size(),
                        "subscription.renewed",
                        lives.stream().mapToLong(life -> life.periods - 1).sum(),
                        "subscription.canceled",
                        count(lives, "CANCELED"),
                        "subscription.expired",
                        count(lives, "EXPIRED")));
        assertThat(usd(statistics.path("charged")))
                .isEqualTo(lives.stream().mapToLong(Life::charged).sum());
        assertThat(usd(statistics.path("monthlyRecurringRevenue")))
                .isEqualTo(lives.stream()
                        .filter(life -> life.status.equals("ACTIVE"))
                        .mapToLong(life -> life.monthlyCents)
                        .sum());
        assertThat(usd(statistics.path("credited"))).isZero();
    }

    private static Map<String, Seen> expected(int accounts) throws IOException {
        return lives(accounts).stream().collect(Collectors.toMap(life -> life.id, Life::seen));
    }

    /** What a reader sees of a subscription, as far as the calculation speaks about it. */
    private record Seen(
            String customer,
            String plan,
            String status,
            int quantity,
            boolean autoRenew,
            int period,
            Instant start,
            Instant end,
            @Nullable Instant endedAt,
            int version) {}

    private static Map<String, Seen> subscriptionsOf(RunningLedger ledger) throws Exception {
        String position = statistics(ledger).path("position").asString();
        Map<String, Seen> all = new HashMap<>();
        for (String cursor = ""; cursor != null; ) {
            JsonNode page = get(ledger, "/v1/subscriptions?limit=200" + cursor, position);
            for (JsonNode item : page.path("items")) {
                JsonNode one = get(
                        ledger,
                        "/v1/subscriptions/" + item.path("subscriptionId").asString(),
                        position);
                assertThat(one).isEqualTo(item);
                assertThat(all.put(one.path("reference").asString(), seen(one))).isNull();
            }
            String next = page.path("nextCursor").asString("");
            cursor = next.isEmpty() ? null : "&cursor=" + next;
        }
        return all;
    }

    private static Seen seen(JsonNode subscription) {
        JsonNode period = subscription.path("currentPeriod");
        String endedAt = subscription.path("endedAt").asString("");
        return new Seen(
                subscription.path("customerId").asString(),
                subscription.path("plan").asString(),
                subscription.path("status").asString(),
                subscription.path("quantity").asInt(),
                subscription.path("autoRenew").asBoolean(),
                period.path("number").asInt(),
                Instant.parse(period.path("start").asString()),
                Instant.parse(period.path("end").asString()),
                endedAt.isEmpty() ? null : Instant.parse(endedAt),
                subscription.path("version").asInt());
    }

    /** One row of the file, lived to the end of 2024. */
    private static final class Life {

        private final String id;
        private final String customer;
        private final String plan;
        private final int seats;
        private final boolean autoRenew;
        private final LocalDate first;
        private final int months;
        private final long monthlyCents;
        private int periods = 1;
        private String status = "ACTIVE";
        private @Nullable Instant endedAt;

        Life(UnaryOperator<String> row) {
            boolean trial = row.apply("is_trial").equals("TRUE");
            id = row.apply("subscription_id");
            customer = row.apply("account_id");
            plan = row.apply("plan_tier").toLowerCase(Locale.ROOT) + (trial ? "-trial" : "");
            seats = Integer.parseInt(row.apply("seats"));
            autoRenew = row.apply("auto_renew_flag").equals("TRUE");
            first = LocalDate.parse(row.apply("start_date"));
            months = row.apply("billing_frequency").equals("annual") ? 12 : 1;
            monthlyCents = trial ? 0 : (long) cents(row.apply("plan_tier")) * seats;
            String last = row.apply("end_date");
            live(last.isEmpty() ? null : at(LocalDate.parse(last), 18));
        }

        private void live(@Nullable Instant canceledAt) {
            Instant until = canceledAt == null ? END : canceledAt;
            while (!boundary(periods).isAfter(until)) {
                if (!autoRenew) {
                    status = "EXPIRED";
                    endedAt = boundary(periods);
                    return;
                }
                periods++;
            }
            if (canceledAt != null) {
                status = "CANCELED";
                endedAt = canceledAt;
            }
        }

        private Instant boundary(int number) {
            return at(first.plusMonths((long) number * months), 12);
        }

        private static int cents(String tier) {
            return switch (tier) {
                case "Basic" -> 1900;
                case "Pro" -> 4900;
                case "Enterprise" -> 19900;
                default -> throw new IllegalArgumentException(tier);
            };
        }

        private static Instant at(LocalDate day, int hour) {
            return day.atTime(LocalTime.of(hour, 0)).toInstant(ZoneOffset.UTC);
        }

        String status() {
            return status;
        }

        long charged() {
            return periods * months * monthlyCents;
        }

        Seen seen() {
            int version = periods - 1 + (endedAt == null ? 0 : 1);
            return new Seen(
                    customer,
                    plan,
                    status,
                    seats,
                    autoRenew,
                    periods,
                    boundary(periods - 1),
                    boundary(periods),
                    endedAt,
                    version);
        }
    }

    private static List<Life> lives(int accounts) throws IOException {
        Set<String> chosen = rows("accounts")
                .map(row -> row.apply("account_id"))
                .limit(accounts)
                .collect(Collectors.toSet());
        return rows("subscriptions")
                .filter(row -> chosen.contains(row.apply("account_id")))
                .map(Life::new)
                .toList();
    }

    /**
     * How the usage of the chosen accounts is to be answered: counted at three in the afternoon against twenty per feature and
     * period, which Basic may not exceed; refused before and after the subscription's life.
     */
    private static Map<String, Long> verdicts(int accounts) throws IOException {
        Map<String, Life> lives = lives(accounts).stream().collect(Collectors.toMap(life -> life.id, life -> life));
        Map<String, Long> used = new HashMap<>();
        return rows("feature_usage")
                .filter(row -> lives.containsKey(row.apply("subscription_id")))
                .sorted(Comparator.comparing(row -> row.apply("usage_date")))
                .map(row -> verdict(row, requireNonNull(lives.get(row.apply("subscription_id"))), used))
                .collect(Collectors.groupingBy(verdict -> verdict, Collectors.counting()));
    }

    private static String verdict(UnaryOperator<String> row, Life life, Map<String, Long> used) {
        Instant at = Life.at(LocalDate.parse(row.apply("usage_date")), 15);
        long count = Long.parseLong(row.apply("usage_count"));
        if (count == 0) {
            return "invalid-body";
        }
        if (at.isBefore(life.boundary(0))) {
            return "subscription-not-found";
        }
        if (life.endedAt != null && !at.isBefore(life.endedAt)) {
            return "not-live";
        }
        int period = 1;
        while (!at.isBefore(life.boundary(period))) {
            period++;
        }
        String counter = life.id + row.apply("feature_name") + period;
        long sum = used.getOrDefault(counter, 0L) + count;
        if (sum > 20 && life.plan.startsWith("basic")) {
            return "limit-exceeded";
        }
        used.put(counter, sum);
        return sum > 20 ? "flagged" : "granted";
    }

    /** Each a function from a column's name to its value. */
    private static Stream<UnaryOperator<String>> rows(String file) throws IOException {
        try (var packed = ReplayTest.class.getResourceAsStream("/ravenstack/" + file + ".csv.gz")) {
            List<String[]> lines = new String(new GZIPInputStream(packed).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(",", -1))
                    .toList();
            List<String> columns = List.of(lines.getFirst());
            return lines.stream().skip(1).map(values -> column -> values[columns.indexOf(column)]);
        }
    }

    private static long count(List<Life> lives, String status) {
        return lives.stream().filter(life -> life.status.equals(status)).count();
    }

    private static Map<String, Long> numbers(JsonNode object) {
        return object.propertyStream()
                .filter(entry -> entry.getValue().asLong() != 0)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().asLong()));
    }

    private static long usd(JsonNode amounts) {
        assertThat(amounts.valueStream()
                        .map(money -> money.path("currency").asString())
                        .distinct())
                .isSubsetOf("USD");
        return amounts.path(0).path("amount").asLong();
    }

    private static JsonNode statistics(RunningLedger ledger) throws IOException, InterruptedException {
        return get(ledger, "/v1/statistics", "0");
    }

    /** A view that has passed {@code position}. */
    private static JsonNode get(RunningLedger ledger, String path, String position)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(ledger.url() + path))
                .header("Authorization", ledger.asAdmin())
                .header("Ledger-Position", position);
        var answer = HTTP.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }
}
