package ledger.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Section;

/** One, two and four nodes over one PostgreSQL. */
final class Nodes implements Workload {

    private static final List<Integer> COUNTS = List.of(1, 2, 4);

    @Override
    public Section run(Bench bench) throws Exception {
        bench.endRivals();
        List<Child> all = new ArrayList<>(List.of(bench.node.child()));
        for (int i = 1; i < COUNTS.getLast(); i++) {
            Child node = start(bench, i);
            bench.warm("warm-up", node, bench.shop.subscribe());
            all.add(node);
        }
        List<Contender> contenders = new ArrayList<>();
        for (int count : COUNTS) {
            contenders.add(
                    new HttpLoad(name(count), all.subList(0, count), bench.plan.connections(), bench.shop.subscribe()));
        }
        Comparison rates = bench.compare("subscribe", contenders);
        return new Section("Nodes", """
            Closed loop, the connections spread over processes of `standalone` on one database, which trust the issuer of the first. All \
            of them share the processors of this one machine.
            """)
                .with(rates)
                .with(
                        new Finding("two nodes × one", rates.ratio(name(2), name(1)), 0.9, 1),
                        new Finding("four nodes × one", rates.ratio(name(4), name(1)), 0.9, 1));
    }

    private static String name(int count) {
        return count == 1 ? "one node" : count + " nodes";
    }

    private static Child start(Bench bench, int number) throws IOException, InterruptedException {
        return bench.keep(LedgerNode.startOn(
                        bench.postgres,
                        bench.script,
                        bench.data.resolve("node-" + number),
                        Map.of("LEDGER_ISSUER_URI", bench.node.issuer())))
                .child();
    }
}
