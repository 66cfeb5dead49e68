package ledger.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import ledger.benchmarks.report.Chart;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Section;
import tools.jackson.databind.JsonNode;

/** Very many subscriptions that renew at one instant: how fast all of that is fired and stored. */
final class Renewals implements Workload {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant NEXT_MONTH = Instant.parse("2026-04-02T00:00:00Z");
    private static final String NAME = "renewals";

    /** More than it fires in a run. */
    private static final int AXON_COUNT = 10_000;

    private static final String AXON = "Axon's deadlines";

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

    /** Deadlines of Axon's own, fired for as long as a run takes. */
    private record Axon(Child server, int count) implements Contender {

        @Override
        public String name() {
            return AXON;
        }

        @Override
        public List<ProcessHandle> applications() {
            return List.of(server.process());
        }

        @Override
        public void prepare(Duration time) throws Exception {
            api().post("/renewals/due?count=" + count, "none", Map.of());
        }

        @Override
        public Run run(Duration time) throws Exception {
            JsonNode fired = api().post("/renewals?seconds=" + time.toSeconds(), "none", Map.of())
                    .body();
            long count = fired.path("count").asLong();
            if (count == 0) {
                throw new IllegalStateException("Axon's deadlines did not fire: " + fired);
            }
            return new Run(count / (fired.path("nanos").asLong() / 1e9), count, Contender.histogram());
        }

        private Api api() throws Exception {
            return new Api(server.url(), Path.of(""));
        }
    }

    @Override
    public Section run(Bench bench) throws Exception {
        int count = bench.plan.thorough() ? 100_000 : 20_000;
        Contender yardstick = bench.yardstick();
        Comparison rates = bench.compare(
                "renewals",
                bench.plan.thorough() ? bench.plan.rounds() : 1,
                List.of(
                        yardstick,
                        bench.warm(new Month(bench, count)),
                        bench.warm(new Axon(bench.rival("jdbc"), AXON_COUNT))));
        return new Section("Renewals", """
            At least %,d subscriptions of a tenant with a simulated clock, all due at one instant; an advance of the clock fires \
            them, each as a command of its own, and returns when all are durable. Axon's deadlines, %,d, are rows of db-scheduler, which \
            polls by lock and fetch, over Axon's JDBC engine; it fires them for one run's time.
            """.formatted(count, AXON_COUNT))
                .with(rates)
                .with(new Finding("due renewals × pgbench", rates.ratio(NAME, yardstick.name()), 0.5, 1))
                .with(new Finding("due renewals × Axon's db-scheduler manager", rates.ratio(NAME, AXON), 4, 8))
                .with(Chart.ofRounds("renewals", "Renewals, fired and stored, round by round", "a second", rates));
    }
}
