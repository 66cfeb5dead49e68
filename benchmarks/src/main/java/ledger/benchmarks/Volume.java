package ledger.benchmarks;

import java.util.List;
import java.util.Map;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Section;

/** Commands on a ledger that holds millions of events, beside one that holds few; and questions about the past in it. */
final class Volume implements Workload {

    private static final int EVENTS = 10_000_000;

    private static final String FULL = "filled";
    private static final String EMPTY = "empty";

    @Override
    public Section run(Bench bench) throws Exception {
        Another full = Another.start(bench, FULL, bench.script, Map.of());
        HttpLoad questions = AsOf.questions(bench, full.node(), 1);
        Seed.copies(full.database(), full.shop().subscription(0), EVENTS);
        full.awaitViews();
        Comparison rates = bench.compare(
                "subscribe", List.of(bench.load(EMPTY, bench.node.child(), bench.shop.subscribe()), full.subscribe()));
        Comparison past = bench.compare("as of among many", List.of(questions));
        return new Section("Volume", """
            Closed loop on two ledgers of one build: one holds %,d events more, of as many subscriptions with their claims and due dates, \
            and all its views are up to date. There, then, one connection asks for a subscription of 1,000 renewals as it was after half of them.
            """.formatted(EVENTS))
                .with(rates)
                .with(past)
                .with(new Finding("as of, 1,000 events long, among 10 M, p99 ms", AsOf.percentile(past), 10, 3))
                .with(new Finding("subscribe with 10 M events × with few", rates.ratio(FULL, EMPTY), 0.8, 0.95));
    }
}
