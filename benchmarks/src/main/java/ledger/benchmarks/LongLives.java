package ledger.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import ledger.benchmarks.report.Chart;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Sample;
import ledger.benchmarks.report.Section;

/** A command on subscriptions that have renewed often, beside one on new ones. */
final class LongLives implements Workload {

    static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final List<Integer> RENEWALS = List.of(1, 10, 100, 1000);
    private static final int SUBSCRIPTIONS = 16;

    @Override
    public Section run(Bench bench) throws Exception {
        List<Contender> contenders = new ArrayList<>();
        for (int renewals : RENEWALS) {
            Shop shop = grown(bench.node, bench.nextSeries(), renewals).shop();
            HttpLoad load =
                    new HttpLoad(name(renewals), List.of(bench.node.child()), SUBSCRIPTIONS, shop.changeOwnQuantity());
            load.warmUp(bench.plan.warmUp() / RENEWALS.size(), bench.plan.patience());
            contenders.add(load);
        }
        Comparison costs = bench.compare("change quantity", contenders);
        return new Section("Long lives", """
            Closed loop of %d connections, each with a subscription of its own that has been renewed so many times. The changes of \
            quantity themselves make all of them longer, alike.
            """.formatted(SUBSCRIPTIONS))
                .with(costs)
                .with(
                        new Finding(
                                "time of a command after 1,000 renewals × after one",
                                costs.ratio(name(1), name(1000)),
                                1.2,
                                1.05),
                        new Finding(
                                "processor time of a command after 1,000 renewals × after one",
                                costs.ratio(name(1000), name(1), LongLives::processor),
                                1.2,
                                1.05))
                .with(new Chart(
                        "history",
                        "Cost of a command by length of history",
                        "renewals",
                        "µs of processor time",
                        true,
                        false,
                        List.of(
                                line("application", costs, Sample::application),
                                line("PostgreSQL", costs, Sample::postgres))));
    }

    private static double processor(Sample sample) {
        return sample.application() + sample.postgres();
    }

    private static Chart.Line line(String name, Comparison costs, java.util.function.ToDoubleFunction<Sample> part) {
        return new Chart.Line(
                name,
                RENEWALS.stream()
                        .map(renewals -> new Chart.Point(
                                renewals, costs.spread(name(renewals), part).median()))
                        .toList());
    }

    private static String name(int renewals) {
        return "after %,d renewals".formatted(renewals);
    }

    /** A tenant whose subscriptions have renewed so many times. */
    record Grown(String tenant, Shop shop) {}

    /** {@code series} is one that the node's ledger has no shop of. */
    static Grown grown(LedgerNode node, int series, int renewals) throws Exception {
        String tenant = "days-" + series;
        Api api = node.api();
        Shop shop = Shop.simulated(api, tenant, series, "DAY", SUBSCRIPTIONS, START);
        HttpLoad subscribe = new HttpLoad("subscribe", List.of(node.child()), SUBSCRIPTIONS, shop.subscribe());
        subscribe.run(Duration.ofNanos(1)); // once for each connection
        api.advance(
                api.tokens("admin", tenant, 1).getFirst(),
                START.plus(Duration.ofDays(renewals)).plusSeconds(1));
        return new Grown(tenant, shop);
    }
}
