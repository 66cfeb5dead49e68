package ledger.benchmarks;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import ledger.benchmarks.load.Requests;
import ledger.benchmarks.load.Template;

/**
 * A tenant with a plan and customers 0, 1, 2 …, each with one subscription of the same number, and the requests of its operators:
 * each connection is somebody else's, with a token of its own.
 */
final class Shop {

    private static final Map<String, Object> PLAN = Map.of(
            "slug", "pro",
            "product", "app",
            "name", "Pro",
            "prices", List.of(price("MONTH", 1900), price("DAY", 100)),
            "limits", List.of(Map.of("metric", "api-calls", "max", 10_000, "kind", "PER_PERIOD", "mode", "HARD")));

    /** Numbers of subscriptions that never come to be. */
    private static final long REFUSED = 900_000_000_000L;

    /** One request in ten. */
    private static final int SOME = 10;

    private static final int HOT = 4;

    private final String series;
    private final String unit;
    private final List<String> tokens;
    private final SplittableRandom random = new SplittableRandom(42);
    private final byte[] changes = new byte[1 << 20];
    private final long kept;
    private long subscribed;
    private long canceled;
    private long key;

    private Shop(int series, String unit, List<String> tokens, int kept) {
        this.series = "%04d".formatted(series);
        this.unit = unit;
        this.tokens = tokens;
        this.kept = kept;
    }

    /** Subscription ids are unique in a ledger: {@code series} tells shops apart, by four digits. {@code unit} is that of terms. */
    static Shop open(Api api, String tenant, int series, String unit, int people)
            throws IOException, InterruptedException {
        api.post("/v1/plans", api.tokens("admin", tenant, 1).getFirst(), PLAN);
        return new Shop(series, unit, api.tokens("operator", tenant, people), Bench.POOL);
    }

    /** One whose clock stands at {@code now} until it is advanced. */
    static Shop simulated(Api api, String tenant, int series, String unit, int people, Instant now)
            throws IOException, InterruptedException {
        api.put("/v1/admin/clock", api.tokens("admin", tenant, 1).getFirst(), Map.of("now", now.toString()));
        return open(api, tenant, series, unit, people);
    }

    /** Of an application that asks nobody who he is. */
    static Shop open(int series) {
        return new Shop(series, "MONTH", List.of(""), 0);
    }

    private static Map<String, Object> price(String unit, int amount) {
        return Map.of(
                "term", Map.of("every", 1, "unit", unit),
                "amount", Map.of("amount", amount, "currency", "USD"),
                "per", "UNIT");
    }

    long subscribed() {
        return subscribed;
    }

    /** How many subscriptions {@link #cancel} has left. */
    long cancelable() {
        return subscribed - kept - canceled;
    }

    /** Customer after customer subscribes. */
    Requests subscribe() {
        List<Template> templates = subscribing();
        return (connection, out) -> {
            long customer = subscribed++;
            of(templates, connection).put(out, key++, customer, customer);
        };
    }

    /** One in ten is a customer who has a subscription already, and is refused another. */
    Requests subscribeInVainSometimes() {
        List<Template> templates = subscribing();
        return new Expecting(409, (connection, out) -> {
            boolean inVain = key % SOME == 0;
            long customer = inVain ? random.nextInt(Bench.POOL) : subscribed++;
            of(templates, connection).put(out, key, inVain ? REFUSED + key : customer, customer);
            key++;
        });
    }

    /** The quantity of one of the first {@code pool} subscriptions changes, to another one each time. */
    Requests changeQuantity(int pool) {
        return changeQuantity((_, _) -> random.nextInt(pool));
    }

    /** One in ten is for one of a few subscriptions, where it meets others. */
    Requests changeQuantityInConflictSometimes() {
        return changeQuantity(
                (_, request) -> request % SOME == 0 ? random.nextInt(HOT) : random.nextInt(HOT, Bench.POOL));
    }

    /** Each connection has its own subscription. */
    Requests changeOwnQuantity() {
        return changeQuantity((connection, _) -> connection);
    }

    @FunctionalInterface
    private interface Choice {
        int of(int connection, long request);
    }

    private Requests changeQuantity(Choice choice) {
        List<Template> templates = posts(path("/quantity-change"), "{\"quantity\":###}");
        return (connection, out) -> {
            int customer = choice.of(connection, key);
            int quantity = 100 + Byte.toUnsignedInt(changes[customer]++);
            of(templates, connection).put(out, customer, key++, quantity);
        };
    }

    /** Subscription after subscription ends, beginning behind those that other requests are about. */
    Requests cancel() {
        List<Template> templates = posts(path("/cancellation"), "{\"when\":\"NOW\"}");
        return (connection, out) -> {
            if (cancelable() <= 0) {
                throw new IllegalStateException("all subscriptions are canceled");
            }
            of(templates, connection).put(out, kept + canceled++, key++);
        };
    }

    /** Any subscription of the pool. */
    Requests look() {
        return gets("/v1/subscriptions/" + id());
    }

    /** Whether any customer of the pool may do something now. */
    Requests askForAccess() {
        return gets("/v1/customers/customer-############/access?product=app&metric=api-calls");
    }

    /** The id of the subscription of that number, as it is written. */
    String subscription(long number) {
        return id().replace("############", "%012d".formatted(number));
    }

    private Requests gets(String path) {
        List<Template> templates =
                tokens.stream().map(token -> Template.get(path, token)).toList();
        return (connection, out) -> of(templates, connection).put(out, random.nextInt(Bench.POOL));
    }

    private List<Template> subscribing() {
        return posts("/v1/subscriptions", """
            {"subscriptionId":"%s","customerId":"customer-############","plan":"pro","term":{"every":1,"unit":"%s"},\
            "quantity":3,"zone":"Europe/Berlin","trialDays":0}\
            """.formatted(id(), unit));
    }

    private String path(String command) {
        return "/v1/subscriptions/" + id() + command;
    }

    private String id() {
        return "0190" + series + "-0000-7000-8000-############";
    }

    private List<Template> posts(String path, String body) {
        String idempotency = "request-" + series + "-############";
        List<Template> all = new ArrayList<>();
        for (String token : tokens) {
            all.add(Template.post(path, token, idempotency, body));
        }
        return all;
    }

    private static Template of(List<Template> templates, int connection) {
        return templates.get(connection % templates.size());
    }
}
