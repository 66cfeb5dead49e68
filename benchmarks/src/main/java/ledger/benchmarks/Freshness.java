package ledger.benchmarks;

import java.time.Duration;
import java.util.Map;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Section;
import ledger.benchmarks.report.Spread;
import org.HdrHistogram.Histogram;

/** From a command's answer to a view's answer that shows it, when little else happens. */
final class Freshness implements Workload {

    private static final int TIMES = 300;
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int FIRST = 100;

    @Override
    public Section run(Bench bench) throws Exception {
        Api api = bench.node.api();
        String token = api.tokens("operator", "default", 1).getFirst();
        Histogram waits = Contender.histogram();
        for (int i = 0; i < FIRST + TIMES; i++) {
            String subscription = "/v1/subscriptions/" + bench.shop.subscription(i);
            long position = api.post(subscription + "/quantity-change", token, Map.of("quantity", 1000 + i))
                    .position();
            long begin = System.nanoTime();
            Api.Answer seen = api.get(subscription, token, position);
            if (i >= FIRST) {
                waits.recordValue((System.nanoTime() - begin) / 1000);
            }
            if (seen.body().path("quantity").asInt() != 1000 + i) {
                throw new IllegalStateException("the view does not show what it was asked to wait for");
            }
            Thread.sleep(PAUSE);
        }
        return new Section("Freshness", """
            One client changes a quantity and asks for the subscription with the command's `Ledger-Position` as soon as it has the \
            answer, %d times with pauses of %d ms. The figures include the whole GET over HTTP.
            """.formatted(TIMES, PAUSE.toMillis()))
                .with(
                        new Finding("acknowledged to visible, p50 ms", millis(waits, 50), 15, 3),
                        new Finding("acknowledged to visible, p99 ms", millis(waits, 99), 100, 20));
    }

    private static Spread millis(Histogram waits, double percentile) {
        return Spread.of(waits.getValueAtPercentile(percentile) / 1e3);
    }
}
