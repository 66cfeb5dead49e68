package ledger.crash;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import ledger.crash.Exchange.Reply;
import ledger.crash.Exchange.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients who command through any node, some for customers of their own, some for what others want too. They repeat what was not
 * answered, with the same key to any node, until it is, and remember what they asked and were answered.
 */
final class Traffic implements AutoCloseable {

    private static final int CLIENTS = 8;
    private static final Duration BREATH = Duration.ofMillis(15);
    private static final Duration GIVES_UP_AFTER = Duration.ofMinutes(3);

    private static final String PLAN = """
            {"slug": "%s", "product": "app", "name": "%s", "prices": [
                {"term": {"every": 1, "unit": "MONTH"}, "amount": {"amount": %d, "currency": "USD"}, "per": "UNIT"},
                {"term": {"every": 1, "unit": "DAY"}, "amount": {"amount": 100, "currency": "USD"}, "per": "FLAT"}],
             "limits": [{"metric": "seats", "max": %d, "kind": "ALLOCATION", "mode": "HARD"},
                {"metric": "calls", "max": 1000, "kind": "PER_PERIOD", "mode": "HARD"}]}
            """;

    private final List<NodeProcess> nodes;
    private final Courier courier = new Courier();
    private final Queue<Exchange> exchanges = new ConcurrentLinkedQueue<>();
    private final Queue<Reply> failures = new ConcurrentLinkedQueue<>();
    private final Queue<String> stale = new ConcurrentLinkedQueue<>();
    private final LongAdder unanswered = new LongAdder();
    private final LongAdder looks = new LongAdder();
    private final List<Contest<?>> contests = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> clients = new ArrayList<>();
    private volatile boolean stopping;

    Traffic(List<NodeProcess> nodes, long seed) {
        this.nodes = nodes;
        SplittableRandom random = new SplittableRandom(seed);
        Names names = new Names("s-");
        setUp(names.post("/v1/plans", PLAN.formatted("pro", "Pro", 1900, Contest.OfSeats.SEATS)), random);
        setUp(names.post("/v1/plans", PLAN.formatted("max", "Max", 3900, Contest.OfSeats.SEATS)), random);
        for (int i = 0; i < 2; i++) {
            contests.add(new Contest.OfClaim("rival-" + i));
            contests.add(new Contest.OfSeats(setUp(subscribing(names, "seats-" + i), random)));
            contests.add(new Contest.OfVersion(setUp(subscribing(names, "version-" + i), random)));
        }
        for (int i = 0; i < CLIENTS; i++) {
            Client client = new Client(new Names("c" + i + "-"), random.split());
            clients.add(threads.submit(client::live));
        }
    }

    /** The requests of one client, each with an id of its own. */
    static final class Names {

        private final String prefix;
        private int count;

        Names(String prefix) {
            this.prefix = prefix;
        }

        Request post(String path, String body) {
            return post(path, body, null);
        }

        Request post(String path, String body, @Nullable Long expected) {
            return new Request("POST", path, body, next(), true, expected);
        }

        Request send(String method, String path, String body, boolean keyed) {
            return new Request(method, path, body, next(), keyed, null);
        }

        private String next() {
            return prefix + ++count;
        }
    }

    static UUID uuid(SplittableRandom random) {
        return new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() >>> 2 | 0x8000_0000_0000_0000L);
    }

    private static Request subscribing(Names names, String customer) {
        return names.post("/v1/subscriptions", """
                {"customerId": "%s", "plan": "pro", "term": {"every": 1, "unit": "MONTH"}}""".formatted(customer));
    }

    private String setUp(Request request, SplittableRandom random) {
        Reply reply = insist(request, random);
        if (reply == null || reply.status() != 201) {
            throw new IllegalStateException(request + " was answered " + reply);
        }
        return JsonMapper.shared().readTree(reply.body()).path("subscriptionId").asString("");
    }

    /** One who does something, waits for the answer, and does the next. */
    private final class Client {

        private final Names names;
        private final SplittableRandom random;
        private final List<String> own = new ArrayList<>();

        Client(Names names, SplittableRandom random) {
            this.names = names;
            this.random = random;
        }

        void live() {
            while (!stopping) {
                if (random.nextInt(3) == 0) {
                    compete(contests.get(random.nextInt(contests.size())));
                } else if (own.isEmpty() || random.nextInt(5) == 0) {
                    subscribe();
                } else {
                    String subscription = own.get(random.nextInt(own.size()));
                    Reply reply = insist(command(subscription), random);
                    if (reply != null && reply.isDone() && random.nextInt(4) == 0) {
                        look(subscription, reply);
                    }
                }
                LockSupport.parkNanos(BREATH.toNanos());
            }
        }

        private void compete(Contest<?> contest) {
            Request request = contest.next(random, names);
            long called = System.nanoTime();
            Reply reply = insist(request, random);
            contest.record(request, reply, called, System.nanoTime());
        }

        /** Some started almost a day ago: they renew while this goes on. */
        private void subscribe() {
            boolean daily = random.nextInt(3) == 0;
            Instant start = Instant.now().minusSeconds(86_400 - random.nextInt(1, 8));
            Reply reply = insist(
                    names.post("/v1/subscriptions", """
                            {"customerId": "%s", "plan": "pro", "term": {"every": 1, "unit": "%s"}, "autoRenew": %s,
                             "quantity": %d, "reference": "%s"%s}""".formatted(
                                    uuid(random),
                                    daily ? "DAY" : "MONTH",
                                    random.nextInt(4) > 0,
                                    random.nextInt(1, 9),
                                    uuid(random),
                                    daily ? ", \"startAt\": \"" + start + "\"" : "")),
                    random);
            if (reply != null && reply.isDone()) {
                own.add(JsonMapper.shared()
                        .readTree(reply.body())
                        .path("subscriptionId")
                        .asString());
            }
        }

        /** A view that has passed the command shows it, or something newer. */
        private void look(String subscription, Reply command) {
            NodeProcess node = nodes.get(random.nextInt(nodes.size()));
            Reply view = courier.look(node.url(), "/v1/subscriptions/" + subscription, command.position());
            if (view == null || !view.isFinal()) {
                return; // it may say that it is behind
            }
            looks.increment();
            boolean isUsage = command.body().startsWith("{\"metric\"");
            if (!view.isDone() || (!isUsage && view.version() < command.version())) {
                stale.add(node + " showed " + view + " after " + command);
            }
        }

        private Request command(String subscription) {
            String path = "/v1/subscriptions/" + subscription;
            boolean keyed = random.nextInt(10) > 0;
            return switch (random.nextInt(16)) {
                case 0 -> names.send("POST", path + "/cancellation", "{\"when\": \"NOW\"}", keyed);
                case 1, 2 -> names.send("POST", path + "/cancellation", "{\"when\": \"PERIOD_END\"}", keyed);
                case 3 -> names.send("DELETE", path + "/cancellation", "", keyed);
                case 4 -> names.send("PUT", path + "/auto-renew", "{\"enabled\": " + random.nextBoolean() + "}", keyed);
                case 5 -> names.send("POST", path + "/renewal", "", keyed);
                case 6 -> names.send("POST", path + "/plan-change", "{\"plan\": \"max\", \"when\": \"NOW\"}", keyed);
                case 7 ->
                    names.send("POST", path + "/plan-change", "{\"plan\": \"pro\", \"when\": \"PERIOD_END\"}", keyed);
                case 8 -> names.send("DELETE", path + "/plan-change", "", keyed);
                case 9 -> names.send("POST", path + "/pause", "{}", keyed);
                case 10 ->
                    names.send(
                            "POST",
                            path + "/pause",
                            "{\"resumeAt\": \"" + Instant.now().plusSeconds(2) + "\"}",
                            keyed);
                case 11 -> names.send("POST", path + "/resumption", "", keyed);
                case 12, 13 ->
                    names.send(
                            "POST",
                            path + "/usage",
                            "{\"metric\": \"calls\", \"quantity\": " + random.nextInt(1, 400) + "}",
                            keyed);
                default ->
                    names.send(
                            "POST", path + "/quantity-change", "{\"quantity\": " + random.nextInt(1, 50) + "}", keyed);
            };
        }
    }

    /** Asks until it is answered; once only where nobody would know it again. */
    private @Nullable Reply insist(Request request, SplittableRandom random) {
        long patience = System.nanoTime() + GIVES_UP_AFTER.toNanos();
        do {
            NodeProcess node = nodes.get(random.nextInt(nodes.size()));
            Reply reply = courier.send(node.url(), request);
            if (reply != null && reply.isFinal()) {
                node.answered();
                exchanges.add(new Exchange(request, reply));
                return reply;
            }
            if (reply != null && reply.status() != 503) {
                failures.add(reply);
            }
            unanswered.increment();
            LockSupport.parkNanos(BREATH.toNanos() * random.nextInt(1, 10));
        } while (request.keyed() && System.nanoTime() < patience);
        exchanges.add(new Exchange(request, null));
        return null;
    }

    /** Returns when the node has answered clients since. */
    void awaitAnswersOf(NodeProcess node) {
        long before = node.answers();
        await(node + " answers clients")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> node.answers() > before + 3);
    }

    /** Lets every client come to the end of what it is doing. */
    void stop() throws InterruptedException {
        stopping = true;
        for (Future<?> client : clients) {
            try {
                client.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a client could not go on", e.getCause());
            }
        }
    }

    Collection<Exchange> exchanges() {
        return exchanges;
    }

    /** Answers of class 5xx that are no documented 503. */
    Collection<Reply> failures() {
        return failures;
    }

    /** Views that did not show what they said they had passed. */
    Collection<String> stale() {
        return stale;
    }

    long looks() {
        return looks.sum();
    }

    /** Attempts that were not answered, or only by a 503. */
    long unanswered() {
        return unanswered.sum();
    }

    List<Contest<?>> contests() {
        return contests;
    }

    Courier courier() {
        return courier;
    }

    @Override
    public void close() {
        stopping = true;
        threads.close();
        courier.close();
    }
}
