package ledger.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import ledger.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Time that passes by itself, in real and in simulated tenants, on one node and on several. */
class DeadlinesTest {

    private static final String DAY = "{\"every\":1,\"unit\":\"DAY\"}";

    private final TestDatabase database = TestDatabase.create();
    private final JdbcClient sql = JdbcClient.create(database.dataSource());

    @Test
    void everyBoundaryMissedInAnOutageIsMadeUpForInOrderAtItsOwnTimeOnceAlthoughThreeNodesTry() {
        Clock fiveDaysAgo = Clock.offset(Clock.systemUTC(), Duration.ofHours(-(24 * 5 + 1)));
        List<String> ids = new ArrayList<>();
        try (Node before = Node.on(database, fiveDaysAgo).selling("pro")) {
            for (int i = 0; i < 20; i++) {
                ids.add(before.post("/v1/subscriptions", """
                        {"customerId": "c%d", "plan": "pro", "term": %s}
                        """.formatted(i, DAY)).id());
            }
        }
        try (Node one = Node.on(database);
                Node two = Node.on(database);
                Node three = Node.on(database)) {
            for (String id : ids) {
                Instant start = times(id, "subscription.subscribed").getFirst();
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(renewals(id)).hasSizeGreaterThanOrEqualTo(5));
                for (int n = 1; n <= 5; n++) {
                    assertThat(renewals(id).get(n - 1)).isEqualTo(start.plus(Duration.ofDays(n)));
                }
            }
            await().untilAsserted(() -> assertThat(overdue()).isZero());
            assertThat(sql.sql("select count(*) from ledger.event where type = 'subscription.renewed'")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(100);
        }
    }

    @Test
    void whatStartsInThePastHasItsBoundariesBehindItWhenItIsAnswered() {
        Instant start =
                Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS).minus(Duration.ofHours(24 * 3 + 1));
        try (Node node = Node.on(database).selling("pro")) {
            Node.Answer answer = node.post("/v1/subscriptions", """
                    {"customerId": "c", "plan": "pro", "term": %s, "startAt": "%s"}
                    """.formatted(DAY, start));
            assertThat(answer.body().path("currentPeriod").path("number").asInt())
                    .isEqualTo(4);
            assertThat(renewals(answer.id())).hasSize(3).first().isEqualTo(start.plus(Duration.ofDays(1)));
        }
    }

    @Test
    void withAutoRenewOffItExpiresAtTheEndOfWhatWasBought() {
        Instant start =
                Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS).minus(Duration.ofHours(30));
        try (Node node = Node.on(database).selling("pro")) {
            String id =
                    node.post("/v1/subscriptions", """
                    {"customerId": "c", "plan": "pro", "term": %s, "startAt": "%s", "autoRenew": false}
                    """.formatted(DAY, start)).id();
            await().untilAsserted(() ->
                    assertThat(times(id, "subscription.expired")).containsExactly(start.plus(Duration.ofDays(1))));
            assertThat(sql.sql("select count(*) from ledger.claim")
                            .query(Integer.class)
                            .single())
                    .isZero();
            assertThat(sql.sql("select count(*) from ledger.due")
                            .query(Integer.class)
                            .single())
                    .isZero();
        }
    }

    @Test
    void whatADeadNodeHadTakenIsFiredByAnotherWhenItsLeaseIsOver() {
        Instant start = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS);
        String id;
        try (Node node = Node.on(database).selling("pro")) {
            id = node.post("/v1/subscriptions", """
                    {"customerId": "c", "plan": "pro", "term": %s}
                    """.formatted(DAY)).id();
        }
        // As a node leaves it that died between firing and commit: leased, and nothing stored.
        Instant leasedUntil = start.plusSeconds(3);
        sql.sql("update ledger.due set leased_until = ?")
                .param(leasedUntil.atOffset(java.time.ZoneOffset.UTC))
                .update();
        try (Node other = Node.on(database, Clock.offset(Clock.systemUTC(), Duration.ofDays(1)))) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(renewals(id)).hasSize(1));
            assertThat(sql.sql("select max(recorded_at) from ledger.event")
                            .query(OffsetDateTime.class)
                            .single()
                            .toInstant())
                    .isAfterOrEqualTo(leasedUntil);
        }
    }

    @Test
    void aSimulatedYearPassesInOrderBeforeTheAdvanceAnswers() {
        try (Node node = Node.on(database)) {
            assertThat(node.put("/v1/admin/clock", "{\"now\": \"2024-01-31T12:00:00Z\"}")
                            .status())
                    .isEqualTo(200);
            node.selling("pro");
            String monthly = node.subscribe("a", "pro", "").id();
            String ending = node.subscribe("b", "pro", "\"autoRenew\": false").id();

            Node.Answer advanced = node.post("/v1/admin/clock/advance", "{\"to\": \"2025-01-31T12:00:00Z\"}");

            assertThat(advanced.status()).isEqualTo(200);
            assertThat(advanced.body().path("fired").asInt()).isEqualTo(13);
            assertThat(Long.parseLong(advanced.header("Ledger-Position"))).isEqualTo(head());
            assertThat(renewals(monthly))
                    .hasSize(12)
                    .startsWith(Instant.parse("2024-02-29T12:00:00Z"), Instant.parse("2024-03-31T12:00:00Z"))
                    .endsWith(Instant.parse("2025-01-31T12:00:00Z"));
            assertThat(times(ending, "subscription.expired")).containsExactly(Instant.parse("2024-02-29T12:00:00Z"));
            assertThat(sql.sql("select effective_at from ledger.event order by position")
                            .query((row, _) ->
                                    row.getObject(1, OffsetDateTime.class).toInstant())
                            .list())
                    .isSorted();
            assertThat(sql.sql("select min(recorded_at) from ledger.event")
                            .query(OffsetDateTime.class)
                            .single()
                            .toInstant())
                    .isAfter(Instant.parse("2026-01-01T00:00:00Z"));

            assertThat(node.post("/v1/admin/clock/advance", "{\"to\": \"2024-06-01T00:00:00Z\"}")
                            .code())
                    .isEqualTo("clock-went-back");
            assertThat(node.put("/v1/admin/clock", "{\"now\": \"2030-01-01T00:00:00Z\"}")
                            .code())
                    .isEqualTo("clock-is-set");
        }
    }

    @Test
    void anAdvanceThatTakesLongerThanAClientWaitsStopsOnTheWayAndGoesOnWhenAskedAgain() {
        String advance = "{\"to\": \"2024-02-10T12:00:00Z\"}";
        try (Node node = Node.with("--ledger.clock.patience=0", database)) {
            node.put("/v1/admin/clock", "{\"now\": \"2024-01-31T12:00:00Z\"}");
            node.selling("pro");
            List<String> ids = Stream.of("a", "b", "c")
                    .map(customer -> node.post("/v1/subscriptions", """
                            {"customerId": "%s", "plan": "pro", "term": %s}
                            """.formatted(customer, DAY))
                            .id())
                    .toList();

            for (int day = 1; day < 10; day++) {
                Node.Answer answer = node.post("/v1/admin/clock/advance", advance);
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.code()).isEqualTo("still-advancing");
                assertThat(answer.header("Retry-After")).isEqualTo("1");
                assertThat(answer.body().path("fired").asInt()).isEqualTo(3);
                assertThat(answer.body().path("now").asString())
                        .isEqualTo(Instant.parse("2024-01-31T12:00:00Z")
                                .plus(Duration.ofDays(day))
                                .toString());
            }
            assertThat(node.post("/v1/admin/clock/advance", advance).status()).isEqualTo(200);
            for (String id : ids) {
                assertThat(renewals(id)).hasSize(10);
            }
        }
    }

    @Test
    void aTenantThatLivesInRealTimeIsNotSimulated() {
        try (Node node = Node.on(database).selling("pro")) {
            assertThat(node.put("/v1/admin/clock", "{\"now\": \"2024-01-31T12:00:00Z\"}")
                            .code())
                    .isEqualTo("clock-is-live");
            assertThat(node.post("/v1/admin/clock/advance", "{\"to\": \"2100-01-31T12:00:00Z\"}")
                            .code())
                    .isEqualTo("clock-is-live");
        }
    }

    private List<Instant> renewals(String id) {
        return times(id, "subscription.renewed");
    }

    private List<Instant> times(String id, String type) {
        return sql.sql("select effective_at from ledger.event where stream_id = ?::uuid and type = ? order by position")
                .param(id)
                .param(type)
                .query((row, _) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .list();
    }

    private long overdue() {
        return sql.sql("select count(*) from ledger.due where due_at <= clock_timestamp()")
                .query(Long.class)
                .single();
    }

    private long head() {
        return sql.sql("select max(position) from ledger.event")
                .query(Long.class)
                .single();
    }
}
