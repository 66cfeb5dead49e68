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
        LedgerNode second = bench.keep(
                LedgerNode.startOn(bench.postgres.create("other"), other, bench.data.resolve("other"), Map.of()));
        Shop shop = Shop.open(second.api(), "default", 0, "MONTH", bench.plan.connections());
        HttpLoad subscribe = bench.warm("subscribe, second", second.child(), shop.subscribe());
        while (shop.subscribed() < Bench.POOL) {
            subscribe.run(bench.plan.time());
        }
        Child first = bench.node.child();
        List<Contender> contenders = new ArrayList<>(List.of(bench.yardstick()));
        contenders.add(bench.load("subscribe, first", first, bench.shop.subscribe()));
        contenders.add(subscribe);
        contenders.add(bench.warm("change quantity, first", first, bench.shop.changeQuantity(Bench.POOL)));
        contenders.add(bench.warm("change quantity, second", second.child(), shop.changeQuantity(Bench.POOL)));
        Comparison rates = bench.compare("two builds", contenders);
        return new Section("Two builds", "First: " + bench.script + ", second: " + other + ".").with(rates);
    }
}
