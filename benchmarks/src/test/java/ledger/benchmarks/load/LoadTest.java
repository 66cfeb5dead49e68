package ledger.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The load generator counts what a server has seen, and does not hide that requests had to wait. */
class LoadTest {

    private static final Duration TIME = Duration.ofMillis(700);
    private static final Duration STALL = Duration.ofMillis(400);

    private final AtomicInteger served = new AtomicInteger();
    private final Set<String> paths = ConcurrentHashMap.newKeySet();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/n/", exchange -> {
            int number = served.incrementAndGet();
            paths.add(exchange.getRequestURI().getPath());
            answer(exchange, 200, number % 3 == 0 ? 0 : number * 7919 % 40_000);
        });
        server.createContext("/refused/", exchange -> answer(exchange, 409, 10));
        server.createContext("/stalls-once/", exchange -> {
            if (served.incrementAndGet() == 1) {
                stall();
            }
            answer(exchange, 200, 10);
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** Of a given length when that is even, else in chunks. */
    private static void answer(HttpExchange exchange, int status, int length) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, length == 0 ? -1 : length % 2 == 0 ? length : 0);
        try (var body = exchange.getResponseBody()) {
            body.write(new byte[length]);
        }
    }

    /** What a garbage collection or a slow disk does to a server; what is tested is that time passes. */
    private static void stall() {
        try {
            Thread.sleep(STALL);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_closed_loop_counts_every_answer_within_its_time() {
        int[] next = new int[1];
        Template request = Template.get("/n/######", "token");
        Outcome outcome = Load.closed(target(), 4, (_, out) -> request.put(out, next[0]++), TIME);

        // Each of the connections may have had its last answer after the end.
        assertThat(served.get() - outcome.count()).isBetween(0L, 4L);
        assertThat(outcome.count()).isPositive();
        assertThat(outcome.statuses()).containsOnlyKeys(200);
        assertThat(outcome.rate() * TIME.toMillis() / 1000).isCloseTo((double) outcome.count(), within(1e-6));
        assertThat(paths).hasSize(served.get()).contains("/n/000000", "/n/%06d".formatted(next[0] - 1));
    }

    @Test
    void an_open_loop_sends_as_many_as_the_rate_says_and_waits_for_all_of_them() {
        int[] next = new int[1];
        Template request = Template.post("/n/######", "token", "key", "{}");
        Outcome outcome = Load.open(target(), 8, (_, out) -> request.put(out, next[0]++), 300, TIME);

        assertThat(outcome.count()).isEqualTo(next[0]).isEqualTo(served.get());
        assertThat(outcome.count()).isBetween(150L, 270L); // 210 on average
    }

    @Test
    void an_open_loop_counts_the_time_that_requests_wait_behind_a_stalled_one() {
        Template request = Template.get("/stalls-once/", "");
        Outcome outcome = Load.open(target(), 1, (_, out) -> request.put(out), 200, TIME);

        // All those that were due during the stall were late, not only the one that stalled.
        long late = outcome.latencies().getCountBetweenValues(50_000, Long.MAX_VALUE);
        assertThat(late).isGreaterThan(20);
        assertThat(outcome.latencies().getMaxValue()).isGreaterThan(STALL.toMillis() * 1000 * 9 / 10);
    }

    @Test
    void an_answer_that_was_not_expected_ends_the_run() {
        Template request = Template.get("/refused/", "");
        assertThatThrownBy(() -> Load.closed(target(), 1, (_, out) -> request.put(out), TIME))
                .hasMessageContaining("409");
    }

    private List<InetSocketAddress> target() {
        return List.of(server.getAddress());
    }
}
