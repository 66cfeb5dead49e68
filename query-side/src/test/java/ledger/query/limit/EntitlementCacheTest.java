package ledger.query.limit;

import static ledger.query.Facts.FIRST;
import static ledger.query.Facts.MONTHLY;
import static ledger.query.Facts.PRO;
import static ledger.query.Facts.id;
import static ledger.query.Facts.published;
import static ledger.query.Facts.subscribed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import ledger.api.CustomerId;
import ledger.api.Limit;
import ledger.api.Metric;
import ledger.api.PlanEvent.Published;
import ledger.api.PlanTerms;
import ledger.api.TenantId;
import ledger.api.UsageEvent.Recorded;
import ledger.query.Ledger;
import ledger.query.Node;
import ledger.query.Node.Answer;
import ledger.testing.TestIssuer;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

/** How old an answer to the question of access may be. In each test the first node projects, since it was there first. */
class EntitlementCacheTest {

    private static final Metric CALLS = new Metric("api-calls");
    private static final Limit LIMIT = new Limit(CALLS, 1000, Limit.Kind.ALLOCATION, Limit.Mode.HARD);
    private static final String ACCESS = "/v1/customers/ann/access?metric=api-calls";
    private static final String KEY = "ledger:access:default:ann";

    private final Ledger ledger = Ledger.create();
    private final int port = freePort();
    private final String url = "redis://localhost:" + port;
    private long used;

    @Test
    void a_node_that_does_not_project_answers_what_held_a_second_ago_at_most() {
        try (Node projecting = first();
                Node other = Node.start(ledger)) {
            for (int round = 0; round < 3; round++) {
                assertThat(usedAt(other.get(ACCESS))).isBetween(0L, used);
                long position = use();
                projecting.getAt(position, "/v1/subscriptions");
                long seen = System.nanoTime();
                await().pollInterval(Duration.ofMillis(10)).until(() -> {
                    long asked = System.nanoTime();
                    boolean isOld = usedAt(other.get(ACCESS)) < used;
                    assertThat(isOld && asked - seen > Duration.ofMillis(1200).toNanos())
                            .as("an old answer, more than a second after the view has changed")
                            .isFalse();
                    return !isOld;
                });
                assertThat(usedAt(projecting.get(ACCESS))).isEqualTo(used);
                assertThat(usedAt(other.getAt(use(), ACCESS))).isEqualTo(used);
            }
        }
    }

    /** The claim is taken by hand, and a row changed behind the node's back, as the node that took it would. */
    @Test
    void a_node_remembers_for_longer_only_while_it_holds_the_claim() {
        try (Node node = first()) {
            node.getAt(use(), "/v1/subscriptions");
            assertThat(usedAt(node.get(ACCESS))).isEqualTo(used);
            long read = System.nanoTime();
            ledger.execute("update views_subscription_2.usage set used = 77");
            await().until(() ->
                    System.nanoTime() - read > Duration.ofMillis(1500).toNanos());
            assertThat(usedAt(node.get(ACCESS))).as("what it has read itself").isEqualTo(used);

            ledger.execute(
                    "update views.projection set owner = 'another', claimed_at = clock_timestamp() + interval '1 hour' "
                            + "where name = 'subscription'");
            long lost = System.nanoTime();
            await().atMost(Duration.ofSeconds(10)).until(() -> usedAt(node.get(ACCESS)) == 77);
            assertThat(System.nanoTime() - lost)
                    .isLessThan(Duration.ofSeconds(6).toNanos());
        }
    }

    @Test
    void nodes_that_share_a_Redis_forget_together() throws IOException {
        RedisServer redis = new RedisServer(port);
        redis.start();
        try (RedisClient client = RedisClient.create(url);
                Node projecting = first("--LEDGER_REDIS_URL=" + url, "--ledger.redis.patience=3s");
                Node other = Node.start(ledger, "--LEDGER_REDIS_URL=" + url, "--ledger.redis.patience=3s")) {
            RedisCommands<String, String> commands = client.connect().sync();
            await().until(() -> usedAt(other.get(ACCESS)) == 0 && commands.get(KEY) != null);
            assertThat(commands.pttl(KEY)).isLessThanOrEqualTo(1000);
            for (int round = 0; round < 20; round++) {
                assertThat(usedAt(other.get(ACCESS))).isEqualTo(used);
                projecting.getAt(use(), "/v1/subscriptions");
                assertThat(usedAt(other.get(ACCESS))).as("at once").isEqualTo(used);
                assertThat(usedAt(projecting.get(ACCESS))).isEqualTo(used);
            }
            Node stranger = other.as(TestIssuer.shared().tokenOf("acme", "boss", "operator"));
            assertThat(stranger.get(ACCESS).json().path("reason").asString()).isEqualTo("NO_LIVE_SUBSCRIPTION");

            // what is there is what is answered; what cannot be read is not there
            await().until(() -> {
                other.get(ACCESS);
                String json = commands.get(KEY);
                return json != null && commands.set(KEY, json.replace("\"max\":1000", "\"max\":7777")) != null;
            });
            assertThat(other.get(ACCESS).json().at("/limit/max").asLong()).isEqualTo(7777);
            assertThat(other.getAt(use(), ACCESS).json().at("/limit/max").asLong())
                    .isEqualTo(1000);
            commands.set(KEY, "{");
            assertThat(usedAt(other.get(ACCESS))).isEqualTo(used);
        } finally {
            redis.stop();
        }
    }

    @Test
    void a_Redis_that_goes_away_is_done_without_until_it_is_back() throws IOException {
        RedisServer redis = new RedisServer(port);
        try (Node node = first("--LEDGER_REDIS_URL=" + url)) {
            answersWithoutRedis(node);
            redis.start();
            isRemembered(node);

            redis.stop();
            answersWithoutRedis(node);
            redis = new RedisServer(port);
            redis.start();
            isRemembered(node);

            try (RedisClient client = RedisClient.create(url)) {
                client.connect().async().clientPause(5000);
                long start = System.nanoTime();
                answersWithoutRedis(node);
                assertThat(System.nanoTime() - start)
                        .as("while Redis does not answer")
                        .isLessThan(Duration.ofSeconds(4).toNanos());
            }
        } finally {
            redis.stop();
        }
    }

    private void answersWithoutRedis(Node node) {
        for (int times = 0; times < 3; times++) {
            assertThat(usedAt(node.getAt(use(), ACCESS))).isEqualTo(used);
            assertThat(node.get(ACCESS).status()).isEqualTo(200);
        }
        assertThat(node.get("/actuator/health").status()).isEqualTo(200);
    }

    private void isRemembered(Node node) {
        try (RedisClient client = RedisClient.create(url)) {
            RedisCommands<String, String> commands = client.connect().sync();
            await().until(() -> node.get(ACCESS).status() == 200 && commands.exists(KEY) == 1);
        }
    }

    @Test
    void what_is_remembered_is_read_as_it_was_written() {
        assertThat(new EntitlementCache.Key(new TenantId("acme"), new CustomerId("a:b")))
                .hasToString("acme:a:b");
        Entitlement.Counter counter = new Entitlement.Counter(CALLS, -1);
        assertThat(Entitlement.Counter.of(counter.toString())).isEqualTo(counter);
    }

    private Node first(String... settings) {
        Published plan = published("pro", MONTHLY);
        PlanTerms terms = plan.terms();
        ledger.append(new Published(
                plan.plan(),
                plan.at(),
                plan.version(),
                new PlanTerms(terms.product(), terms.name(), null, terms.prices(), 0, List.of(LIMIT), null)));
        long position = ledger.append(subscribed(id(1), "ann", FIRST, true));
        Node node = Node.start(ledger, settings);
        node.getAt(position, "/v1/plans");
        assertThat(node.getAt(position, ACCESS).status()).isEqualTo(200);
        // What was built is read at once; its node claims it a moment later, and another one must not be there before.
        await().until(() ->
                ledger.count("select count(*) from views.projection where name = 'subscription' and owner is not null")
                        == 1);
        return node;
    }

    private long use() {
        used++;
        return ledger.append(new Recorded(id(1), Instant.now(), CALLS, PRO, LIMIT, FIRST, 1, used));
    }

    private static long usedAt(Answer access) {
        assertThat(access.status()).isEqualTo(200);
        return access.json().at("/limit/used").asLong();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
