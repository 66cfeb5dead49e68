package ledger.benchmarks;

import java.util.ArrayList;
import java.util.List;
import ledger.benchmarks.report.Chart;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Section;

/** Rates and latencies of a command with few and with many connections. */
final class Sweep implements Workload {

    private static final List<Integer> CONNECTIONS = List.of(8, 16, 32, 64, 128, 256);

    @Override
    public Section run(Bench bench) throws Exception {
        List<Contender> contenders = new ArrayList<>();
        for (int connections : CONNECTIONS) {
            contenders.add(
                    new HttpLoad(name(connections), List.of(bench.node.child()), connections, bench.shop.subscribe()));
        }
        Comparison rates = bench.compare("subscribe", bench.plan.thorough() ? bench.plan.rounds() : 1, contenders);
        List<Chart.Point> yardstick = bench.yardstickRates().entrySet().stream()
                .map(entry -> new Chart.Point(entry.getKey(), entry.getValue()))
                .toList();
        Chart throughput = new Chart(
                "throughput",
                "Durable commands by connections",
                "connections",
                "a second",
                true,
                false,
                List.of(line("ledger, subscribe", rates, -1), new Chart.Line("pgbench, insert", yardstick)));
        Chart latency = new Chart(
                "latency",
                "Latency by connections, closed loop",
                "connections",
                "ms",
                true,
                true,
                List.of(line("median", rates, 50), line("p99", rates, 99), line("p99.9", rates, 99.9)));
        return new Section(
                        "Connections",
                        "Closed loop, the ledger as above; pgbench was tried once for each number of clients.")
                .with(rates)
                .with(throughput, latency);
    }

    private static String name(int connections) {
        return connections + " connections";
    }

    /** The rates, or the latencies of a percentile. */
    private static Chart.Line line(String name, Comparison rates, double percentile) {
        return new Chart.Line(
                name,
                CONNECTIONS.stream()
                        .map(connections -> new Chart.Point(
                                connections,
                                percentile < 0
                                        ? rates.rate(name(connections)).median()
                                        : rates.latency(name(connections), percentile)))
                        .toList());
    }
}
