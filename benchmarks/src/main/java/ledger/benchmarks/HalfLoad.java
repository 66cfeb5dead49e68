package ledger.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Section;

/** Latencies when requests come whether or not the server is ready for them, at half of its highest rate. */
final class HalfLoad implements Workload {

    private static final int CONNECTIONS = 256;
    private static final double TAIL = 99;

    private static final String LEDGER = "subscribe";

    private record Open(HttpLoad load, double rate) implements Contender {

        @Override
        public String name() {
            return LEDGER;
        }

        @Override
        public List<ProcessHandle> applications() {
            return load.applications();
        }

        @Override
        public Run run(Duration time) {
            return load.open(rate, time);
        }
    }

    @Override
    public Section run(Bench bench) throws Exception {
        HttpLoad load = new HttpLoad(LEDGER, List.of(bench.node.child()), CONNECTIONS, bench.shop.subscribe());
        double rate = load.run(bench.plan.time()).rate() / 2;
        List<Contender> contenders = new ArrayList<>();
        Optional<Pgbench> pgbench = bench.pgbench(CONNECTIONS / 4).map(found -> found.at(rate));
        pgbench.ifPresent(contenders::add);
        contenders.add(new Open(load, rate));
        Comparison latencies = bench.compare("open loop, %,.0f a second".formatted(rate), contenders);
        Section section = new Section("Half load", """
            Open loop: requests come at random moments (Poisson), and their latency counts from when they were due, for pgbench \
            (`--rate`) as for the ledger.
            """).with(latencies);
        return pgbench.isEmpty()
                ? section
                : section.with(new Finding(
                        "p99 at half load × pgbench's",
                        latencies.ratio(
                                LEDGER,
                                pgbench.get().name(),
                                sample -> sample.latencies().getValueAtPercentile(TAIL)),
                        5,
                        2));
    }
}
