package ledger.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ledger.standalone.Client.Answer;
import ledger.standalone.WhoMayWhatTest.Line;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A customer is told the same of what is somebody else's as of what nobody has: the same bytes, and after the same time. The times
 * are compared by the sign test: of two requests sent one after the other, in an order that is drawn, each is the slower one as
 * often as the other. That needs no assumption about how times are distributed on a busy machine. With more rounds
 * ({@code -Dledger.timing.rounds=3000}) it sees smaller differences.
 */
class ForeignOrMissingTest {

    private static final int ROUNDS = Integer.getInteger("ledger.timing.rounds", 80);
    private static final int WARM_UP = 20;

    /** So rare among equals is a deviation of more standard deviations than this: once in 150,000 comparisons. */
    private static final double NOISE = 4.5;

    private static final int EVENTS = 150;

    private enum Whose {
        OWN,
        MISSING,
        OTHERS,
        OTHER_TENANTS
    }

    private static final Map<Whose, String> subscriptions = new EnumMap<>(Whose.class);
    private static final Map<Whose, String> customers = new EnumMap<>(
            Map.of(Whose.OWN, "tim-1", Whose.MISSING, "tam-1", Whose.OTHERS, "tom-1", Whose.OTHER_TENANTS, "tem-1"));

    private static Client tim;

    @BeforeAll
    static void start() {
        RunningLedger ledger = RunningLedger.shared();
        Client nobody = new Client(ledger.url(), null);
        tim = nobody.as(ledger.token("--role", "customer", "--subject", "tim-1"));
        Client operator = nobody.as(ledger.token());
        Client stranger = nobody.as(ledger.token("--tenant", "elsewhere"));
        subscriptions.put(Whose.MISSING, "0198c2a4-0000-7000-8000-00000000dead");
        subscriptions.put(Whose.OWN, withHistory(operator, Whose.OWN));
        subscriptions.put(Whose.OTHERS, withHistory(operator, Whose.OTHERS));
        subscriptions.put(Whose.OTHER_TENANTS, withHistory(stranger, Whose.OTHER_TENANTS));
    }

    private static String withHistory(Client operator, Whose whose) {
        operator.post("/v1/plans", """
                {"slug": "seats", "product": "seats", "name": "Seats", "prices": [{"term": {"every": 1, "unit": "MONTH"},
                    "amount": {"amount": 1900, "currency": "USD"}, "per": "UNIT"}],
                 "limits": [{"metric": "calls", "max": 10000, "kind": "PER_PERIOD", "mode": "HARD"}]}
                """);
        Answer subscribed = operator.post("/v1/subscriptions", """
                {"customerId": "%s", "plan": "seats", "term": {"every": 1, "unit": "MONTH"}}""".formatted(customers.get(whose)));
        String id = subscribed.text("subscriptionId");
        for (int quantity = 2; quantity <= EVENTS; quantity++) {
            operator.post("/v1/subscriptions/" + id + "/quantity-change", "{\"quantity\": " + quantity + "}");
        }
        Answer used = operator.post("/v1/subscriptions/" + id + "/usage", "{\"metric\": \"calls\", \"quantity\": 1}");
        assertThat(used.status()).isEqualTo(200);
        assertThat(operator.send(
                                "GET", "/v1/subscriptions/" + id, "", "Ledger-Position", used.header("Ledger-Position"))
                        .status())
                .isEqualTo(200);
        return id;
    }

    /** Every endpoint that takes the id of a subscription, or a customer, from customers. */
    static Stream<Line> endpoints() {
        return WhoMayWhatTest.lines()
                .filter(line -> Set.of("SUBSCRIPTION", "CUSTOMER").contains(line.what()))
                .filter(line -> line.allowed().contains("customer"));
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void isAnsweredTheSameInTheSameTime(Line line) {
        String missing = told(line, Whose.MISSING);
        assertThat(told(line, Whose.OTHERS)).isEqualTo(missing);
        assertThat(told(line, Whose.OTHER_TENANTS)).isEqualTo(missing);
        List<long[]> times = measure(ROUNDS, line, Whose.MISSING, Whose.OTHERS, Whose.OTHER_TENANTS);
        for (long[] foreign : times.subList(1, 3)) {
            Difference difference = Difference.between(foreign, times.getFirst());
            System.out.println(line.endpoint() + ", foreign and missing: " + difference);
            assertThat(Math.abs(difference.deviation()))
                    .as(difference.toString())
                    .isLessThan(NOISE);
        }
    }

    @Test
    void theSignTestItselfFindsTwentyMicrosecondsInTheNoiseOfMany() {
        Random random = new Random(42);
        long[] some = random.longs(1000, 900_000, 1_100_000).toArray();
        long[] others = random.longs(1000, 900_000, 1_100_000).toArray();
        long[] slower = random.longs(1000, 920_000, 1_120_000).toArray();
        assertThat(Math.abs(Difference.between(some, others).deviation())).isLessThan(NOISE);
        assertThat(Difference.between(slower, others).deviation()).isGreaterThan(NOISE);
    }

    /** {@code deviation} is by how many standard deviations more often than not the first was slower. */
    private record Difference(double deviation, long medianMicros, long otherMedianMicros) {

        static Difference between(long[] some, long[] others) {
            int n = some.length;
            double slower = 0;
            for (int i = 0; i < n; i++) {
                slower += Math.signum(some[i] - others[i]);
            }
            return new Difference(slower / Math.sqrt(n), median(some), median(others));
        }

        private static long median(long[] nanos) {
            long[] sorted = nanos.clone();
            Arrays.sort(sorted);
            return sorted[sorted.length / 2] / 1000;
        }

        @Override
        public String toString() {
            return "medians %d and %d us, %.1f standard deviations"
                    .formatted(medianMicros, otherMedianMicros, deviation);
        }
    }

    /** How long each took, in rounds of one request each, the order of every round being drawn anew. */
    private static List<long[]> measure(int rounds, Line line, Whose... all) {
        List<long[]> times = Stream.of(all).map(_ -> new long[rounds]).toList();
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, all.length).boxed().toList());
        Random random = new Random(line.endpoint().hashCode());
        for (int round = -WARM_UP; round < rounds; round++) {
            Collections.shuffle(order, random);
            for (int next : order) {
                long begin = System.nanoTime();
                send(line, all[next]);
                long time = System.nanoTime() - begin;
                if (round >= 0) {
                    times.get(next)[round] = time;
                }
            }
        }
        return times;
    }

    private static Answer send(Line line, Whose whose) {
        return tim.send(line.method(), WhoMayWhatTest.path(line, named(line, whose)), line.body());
    }

    private static String named(Line line, Whose whose) {
        return (line.what().equals("CUSTOMER") ? customers : subscriptions).getOrDefault(whose, "");
    }

    /** Status, headers and body, byte by byte; but for what names the request, and the time of day. */
    private static String told(Line line, Whose whose) {
        Answer answer = send(line, whose);
        Map<String, List<String>> headers =
                new TreeMap<>(answer.response().headers().map());
        headers.keySet().removeAll(Set.of("date", "x-correlation-id", "ratelimit"));
        return (answer.status() + " " + headers + " " + answer.response().body()).replace(named(line, whose), "ID");
    }
}
