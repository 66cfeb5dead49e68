package ledger.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import ledger.benchmarks.report.Chart;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Section;

/** Very many subscriptions that renew at one instant: how fast all of that is fired and stored. */
final class Renewals implements Workload {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant NEXT_MONTH = Instant.parse("2026-04-02T00:00:00Z");
    private static final String NAME = "renewals";

    private static final class Month implements Contender {

        private final Bench bench;
        private final int count;
        private String admin = "";

        Month(Bench bench, int count) {
            this.bench = bench;
            this.count = count;
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public List<ProcessHandle> applications() {
            return List.of(bench.node.child().process());
        }

        @Override
        public void prepare(Duration time) throws Exception {
            int series = bench.nextSeries();
            String tenant = "month-" + series;
            Shop shop = Shop.simulated(bench.node.api(), tenant, series, "MONTH", bench.plan.connections(), START);
            HttpLoad subscribe = bench.load("subscribe", bench.node.child(), shop.subscribe());
            while (shop.subscribed() < count) {
                subscribe.run(Duration.ofMillis(200));
            }
            admin = bench.node.api().tokens("admin", tenant, 1).getFirst();
        }

        @Override
        public Run run(Duration time) throws Exception {
            long begin = System.nanoTime();
            int fired = bench.node.api().advance(admin, NEXT_MONTH);
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (fired < count) {
                throw new IllegalStateException("of " + count + " renewals " + fired + " happened");
            }
            return new Run(fired / seconds, fired, Contender.histogram());
        }
    }

    @Override
    public Section run(Bench bench) throws Exception {
        int count = bench.plan.thorough() ? 100_000 : 20_000;
        Contender yardstick = bench.yardstick();
        Comparison rates = bench.compare(
                "renewals",
                bench.plan.thorough() ? bench.plan.rounds() : 1,
                List.of(yardstick, new Month(bench, count)));
        return new Section("Renewals", """
            At least %,d subscriptions of a tenant with a simulated clock, all due at one instant; an advance of the clock fires \
            them, each as a command of its own, and returns when all are durable.
            """.formatted(count))
                .with(rates)
                .with(new Finding("due renewals × pgbench", rates.ratio(NAME, yardstick.name()), 0.5, 1))
                .with(Chart.ofRounds("renewals", "Renewals, fired and stored, round by round", "a second", rates));
    }
}
