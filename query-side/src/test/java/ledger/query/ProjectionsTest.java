package ledger.query;

import static ledger.query.Facts.FIRST;
import static ledger.query.Facts.SECOND;
import static ledger.query.Facts.THIRD;
import static ledger.query.Facts.id;
import static ledger.query.Facts.renewed;
import static ledger.query.Facts.subscribed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import ledger.query.Node.Answer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ProjectionsTest {

    @Test
    void a_view_is_seen_by_whoever_knows_its_position() {
        Ledger ledger = Ledger.create();
        try (Node node = Node.start(ledger)) {
            long position = ledger.append(subscribed(id(1), true));
            Answer seen = node.getAt(position, "/v1/subscriptions/" + id(1));
            assertThat(seen.status()).isEqualTo(200);
            assertThat(seen.header("ETag")).isEqualTo("\"0\"");
            assertThat(seen.header("Ledger-Position")).isEqualTo(Long.toString(position));

            // the one that comes to ask before there is anything to see is answered when there is
            CompletableFuture<Answer> early =
                    CompletableFuture.supplyAsync(() -> node.getAt(position + 1, "/v1/subscriptions/" + id(1)));
            ledger.append(renewed(id(1), FIRST.end(), SECOND));
            assertThat(early.join().header("ETag")).isEqualTo("\"1\"");

            Answer never = node.getAt(position + 100, "/v1/subscriptions/" + id(1));
            assertThat(never.status()).isEqualTo(503);
            assertThat(never.json().path("code").asString()).isEqualTo("view-behind");
            assertThat(never.header("Retry-After")).isEqualTo("1");

            for (String malformed : new String[] {"x", "1.5", "-1", "99999999999999999999"}) {
                Answer refused = node.get("/v1/statistics", Map.of("Ledger-Position", malformed));
                assertThat(refused.json().path("code").asString()).isEqualTo("invalid-parameter");
            }
        }
    }

    @Test
    void it_goes_on_where_it_stopped() {
        Ledger ledger = Ledger.create();
        try (Node node = Node.start(ledger)) {
            assertThat(node.getAt(ledger.append(subscribed(id(1), true)), "/v1/subscriptions/" + id(1))
                            .status())
                    .isEqualTo(200);
        }
        ledger.append(renewed(id(1), FIRST.end(), SECOND));
        long last = LongStream.rangeClosed(2, 1500)
                .map(number -> ledger.append(subscribed(id(number), true)))
                .max()
                .orElseThrow();
        try (Node node = Node.start(ledger)) {
            // A node that was slow to end has its claim for some seconds more.
            Node.Answer seen = await().until(
                            () -> node.getAt(last, "/v1/subscriptions/" + id(1)), answer -> answer.status() == 200);
            assertThat(seen.header("ETag")).isEqualTo("\"1\"");
            assertThat(node.get("/v1/statistics")
                            .json()
                            .path("subscriptions")
                            .path("ACTIVE")
                            .asLong())
                    .isEqualTo(1500);
        }
    }

    @Test
    void it_waits_for_a_ledger() {
        Ledger ledger = Ledger.unmigrated();
        try (Node node = Node.start(ledger)) {
            assertThat(node.get("/actuator/health/readiness").status()).isEqualTo(503);
            assertThat(node.get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(node.get("/v1/subscriptions").status()).isEqualTo(503);
            ledger.migrate();
            long position = ledger.append(subscribed(id(1), true));
            assertThat(node.getAt(position, "/v1/subscriptions/" + id(1)).status())
                    .isEqualTo(200);
            assertThat(node.get("/actuator/health/readiness").status()).isEqualTo(200);
        }
    }

    @Test
    void of_two_nodes_one_projects_both_answer_and_the_other_takes_over() {
        Ledger ledger = Ledger.create();
        try (Node first = Node.start(ledger)) {
            assertThat(first.getAt(ledger.append(subscribed(id(1), true)), "/v1/statistics")
                            .status())
                    .isEqualTo(200);
            try (Node second = Node.start(ledger)) {
                long position = ledger.append(subscribed(id(2), true));
                assertThat(second.getAt(position, "/v1/subscriptions/" + id(2)).status())
                        .isEqualTo(200);
                assertThat(first.getAt(position, "/v1/subscriptions/" + id(2)).status())
                        .isEqualTo(200);
                first.stop();
                long later = ledger.append(subscribed(id(3), true));
                assertThat(second.getAt(later, "/v1/subscriptions/" + id(3)).status())
                        .isEqualTo(200);
                assertThat(second.get("/v1/statistics")
                                .json()
                                .path("events")
                                .path("subscription.subscribed")
                                .asLong())
                        .isEqualTo(3);
            }
        }
    }

    @Test
    void an_event_that_cannot_be_taken_in_parks_its_stream_loudly_and_no_other() {
        Ledger ledger = Ledger.create();
        try (Node node = Node.start(ledger)) {
            ledger.append(subscribed(id(1), true), subscribed(id(2), true));
            ledger.append(
                    "default",
                    id(9).value(),
                    7,
                    "subscription.reinstated",
                    StoredJson.write(new ledger.api.SubscriptionEvent.Reinstated(id(9), FIRST.start())));
            UUID unknown = UUID.randomUUID();
            ledger.append("default", unknown, 0, "subscription.teleported", "{}");
            ledger.append("default", unknown, 1, "subscription.teleported", "{}");
            long last = ledger.append(renewed(id(2), FIRST.end(), SECOND));
            assertThat(node.getAt(last, "/v1/subscriptions/" + id(2)).header("ETag"))
                    .isEqualTo("\"1\"");
            assertThat(node.getAt(last, "/v1/plans").status()).isEqualTo(200);

            JsonNode parked =
                    node.get("/v1/admin/projections/subscription/parked").json().path("items");
            assertThat(parked.valueStream().map(one -> one.path("position").asLong()))
                    .containsExactly(3L, 4L);
            assertThat(parked.at("/0/error").asString()).contains("subscription.reinstated at position 3");
            assertThat(parked.at("/1/error").asString()).contains("unknown event type subscription.teleported");
            await().untilAsserted(() -> {
                Answer health = node.get("/actuator/health");
                assertThat(health.status()).isEqualTo(200);
                assertThat(health.json().path("status").asString()).isEqualTo("DEGRADED");
                assertThat(health.json()
                                .at("/components/projections/details/subscription/parked")
                                .asInt())
                        .isEqualTo(2);
            });
            assertThat(node.get("/actuator/health/readiness").status()).isEqualTo(200);
            Answer still = node.post("/v1/admin/projections/subscription/parked/" + unknown + "/retry");
            assertThat(still.status()).isEqualTo(409);
            assertThat(still.json().path("code").asString()).isEqualTo("still-parked");
            assertThat(node.post("/v1/admin/projections/subscription/parked/" + id(1) + "/retry")
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void what_a_parked_stream_waited_with_is_taken_in_in_order_once_the_cause_is_gone() {
        Ledger ledger = Ledger.create();
        try (Node node = Node.start(ledger)) {
            node.getAt(ledger.append(subscribed(id(1), true)), "/v1/subscriptions/" + id(1));
            ledger.execute("alter table views_subscription_2.subscription add constraint broken check (version < 1)");
            ledger.append(renewed(id(1), FIRST.end(), SECOND));
            long last = ledger.append(renewed(id(1), SECOND.end(), THIRD));
            assertThat(node.getAt(last, "/v1/subscriptions/" + id(1)).header("ETag"))
                    .isEqualTo("\"0\"");
            assertThat(node.get("/v1/admin/projections/subscription/parked")
                            .json()
                            .at("/items/0/position")
                            .asLong())
                    .isEqualTo(2);
            ledger.execute("alter table views_subscription_2.subscription drop constraint broken");
            assertThat(node.post("/v1/admin/projections/subscription/parked/" + id(1) + "/retry")
                            .status())
                    .isEqualTo(204);
            assertThat(node.get("/v1/subscriptions/" + id(1)).header("ETag")).isEqualTo("\"2\"");
            assertThat(node.get("/v1/statistics")
                            .json()
                            .at("/events/subscription.renewed")
                            .asLong())
                    .isEqualTo(2);
            await().until(() -> node.get("/actuator/health")
                    .json()
                    .path("status")
                    .asString()
                    .equals("UP"));
        }
    }

    @Test
    void a_position_that_a_crash_of_the_database_took_back_is_caught_up_again() {
        Ledger ledger = Ledger.create();
        try (Node node = Node.start(ledger)) {
            long acknowledged = ledger.append(subscribed(id(1), true), subscribed(id(2), true));
            node.getAt(acknowledged, "/v1/subscriptions");
            ledger.execute("update views.projection set position = 1 where name = 'subscription'; "
                    + "delete from views_subscription_2.subscription where customer_id = 'customer-2'");
            assertThat(node.getAt(acknowledged, "/v1/subscriptions/" + id(2)).status())
                    .as("there again or behind, and never as if it had not been")
                    .isIn(200, 503);
            long last = ledger.append(subscribed(id(3), true));
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> node.getAt(last, "/v1/subscriptions/" + id(2)).status() == 200);
            assertThat(node.getAt(last, "/v1/subscriptions/" + id(3)).status()).isEqualTo(200);
        }
    }

    @Test
    void a_cut_connection_is_only_a_pause() {
        Ledger ledger = Ledger.create();
        try (Node node = Node.start(ledger)) {
            node.getAt(ledger.append(subscribed(id(1), true)), "/v1/statistics");
            ledger.execute("select pg_terminate_backend(pid) from pg_stat_activity "
                    + "where datname = current_database() and pid <> pg_backend_pid()");
            long position = ledger.append(subscribed(id(2), true));
            await().atMost(Duration.ofSeconds(15))
                    .until(() ->
                            node.getAt(position, "/v1/subscriptions/" + id(2)).status() == 200);
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> node.get("/actuator/health/readiness").status() == 200);
        }
    }
}
