package ledger.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Section;

/** Before and after: two builds in turns, each on a database of its own on one server. */
record TwoBuilds(Path other) implements Workload {

    @Override
    public Section run(Bench bench) throws Exception {
        Another second = Another.start(bench, "second", other, Map.of());
        Child first = bench.node.child();
        List<Contender> contenders = new ArrayList<>(List.of(bench.yardstick()));
        contenders.add(bench.load("subscribe, first", first, bench.shop.subscribe()));
        contenders.add(bench.load(
                "subscribe, second", second.node().child(), second.shop().subscribe()));
        contenders.add(bench.warm("change quantity, first", first, bench.shop.changeQuantity(Bench.POOL)));
        contenders.add(bench.warm(
                "change quantity, second", second.node().child(), second.shop().changeQuantity(Bench.POOL)));
        Comparison rates = bench.compare("two builds", contenders);
        return new Section("Two builds", "First: " + bench.script + ", second: " + other + ".").with(rates);
    }
}
