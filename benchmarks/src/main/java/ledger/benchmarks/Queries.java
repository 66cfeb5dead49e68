package ledger.benchmarks;

import java.util.List;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Section;

/** Reads from the indexed views, beside a handler that does nothing. */
final class Queries implements Workload {

    private static final String NOTHING = "no-op handler";
    private static final String LOOK = "GET one subscription";
    private static final String ACCESS = "access check";

    @Override
    public Section run(Bench bench) throws Exception {
        Child ledger = bench.node.child();
        Comparison rates = bench.compare(
                "queries",
                List.of(
                        bench.warm(
                                NOTHING,
                                bench.rival("jdbc"),
                                Shop.open(bench.nextSeries()).look()),
                        bench.warm(LOOK, ledger, bench.shop.look()),
                        bench.warm(ACCESS, ledger, bench.shop.askForAccess())));
        return new Section("Queries", """
            Closed loop. The handler that does nothing answers a constant of the same fields, by Spring MVC on Tomcat with \
            virtual threads, and asks nobody who he is; the ledger authenticates, throttles, and reads its views in \
            PostgreSQL, or what it remembers of them.
            """)
                .with(rates)
                .with(
                        new Finding("GET one subscription × no-op", rates.ratio(LOOK, NOTHING), 0.6, 0.9),
                        new Finding("access check × no-op", rates.ratio(ACCESS, NOTHING), 0.6, 0.9));
    }
}
