package ledger.benchmarks;

import java.time.Duration;
import java.util.List;
import ledger.benchmarks.load.Requests;
import ledger.benchmarks.load.Template;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Section;
import ledger.benchmarks.report.Spread;

/** What a subscription of a thousand events was in the middle of its life. */
final class AsOf implements Workload {

    private static final int RENEWALS = 1000;
    private static final String NAME = "as of";

    @Override
    public Section run(Bench bench) throws Exception {
        HttpLoad questions = questions(bench, bench.node, bench.nextSeries());
        Comparison answers = bench.compare(NAME, List.of(questions));
        String events =
                bench.postgres.ask("select max(position) from ledger.event").orElse("0");
        return new Section("As of", """
            One connection asks for a subscription with %,d renewals as it was after half of them, in a ledger of %s events.
            """.formatted(RENEWALS, events))
                .with(answers)
                .with(new Finding("as of, 1,000 events long, p99 ms", percentile(answers), 10, 3));
    }

    /** Warmed up; {@code series} is one that the node's ledger has no shop of. */
    static HttpLoad questions(Bench bench, LedgerNode node, int series) throws Exception {
        LongLives.Grown grown = LongLives.grown(node, series, RENEWALS);
        String token = node.api().tokens("auditor", grown.tenant(), 1).getFirst();
        String middle = LongLives.START.plus(Duration.ofDays(RENEWALS / 2)).toString();
        Template question =
                Template.get("/v1/subscriptions/" + grown.shop().subscription(0) + "?asOf=" + middle, token);
        Requests requests = (_, out) -> question.put(out);
        HttpLoad load = new HttpLoad(NAME, List.of(node.child()), 1, requests);
        load.warmUp(bench.plan.warmUp() / 3, bench.plan.patience());
        return load;
    }

    /** In milliseconds, what 99 of 100 questions took at most. */
    static Spread percentile(Comparison answers) {
        return Spread.of(answers.latency(NAME, 99));
    }
}
