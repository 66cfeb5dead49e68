package ledger.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Section;

/** How many commands a second are stored, beside the yardstick and Axon's own engines. */
final class CommandRates implements Workload {

    static final String SUBSCRIBE = "subscribe";

    private static final String QUANTITY = "change quantity";
    private static final String CANCEL = "cancel";
    private static final String IN_VAIN = "subscribe, 10 % lose a claim";
    private static final String CONFLICTS = "change quantity, 10 % conflict";
    private static final String JPA = "Axon JPA ";
    private static final String JDBC = "Axon JDBC ";

    private static final String TEXT = """
        Closed loop. The ledger runs as `./ledger serve`: authentication by signed token (each connection is another user), \
        validation, idempotency keys, claims, due dates, throttling, metrics and all read models are on. pgbench inserts a row of \
        an event's size and commits. Axon's engines run in Spring Boot on the same server kind (Tomcat, virtual threads) with \
        Jackson, a pool of 32 connections, payloads as bytea and a table of their own on the same PostgreSQL; no authentication, \
        keys, claims, metrics or read models. To lose a claim is to be refused a second subscription; to conflict is to change one \
        of four subscriptions that others change at the same moment, which is decided again and granted.
        """;

    @Override
    public Section run(Bench bench) throws Exception {
        Contender yardstick = bench.yardstick();
        List<Contender> contenders = new ArrayList<>(List.of(yardstick));
        Child ledger = bench.node.child();
        HttpLoad subscribe = bench.load(SUBSCRIBE, ledger, bench.shop.subscribe());
        contenders.add(subscribe);
        contenders.add(bench.warm(QUANTITY, ledger, bench.shop.changeQuantity(Bench.POOL)));
        contenders.add(bench.warm(new Cancels(bench.load(CANCEL, ledger, bench.shop.cancel()), subscribe, bench.shop)));
        contenders.add(bench.load(IN_VAIN, ledger, bench.shop.subscribeInVainSometimes()));
        contenders.add(bench.load(CONFLICTS, ledger, bench.shop.changeQuantityInConflictSometimes()));
        addRival(bench, "jpa", JPA, contenders);
        addRival(bench, "jdbc", JDBC, contenders);
        Comparison rates = bench.compare("commands, %d connections".formatted(bench.plan.connections()), contenders);
        return new Section("Commands", TEXT).with(rates).with(findings(rates, yardstick.name()));
    }

    private static void addRival(Bench bench, String engine, String name, List<Contender> contenders) throws Exception {
        Shop shop = Shop.open(bench.nextSeries());
        Child server = bench.rival(engine);
        HttpLoad subscribe = bench.warm(name + SUBSCRIBE, server, shop.subscribe());
        contenders.add(subscribe);
        contenders.add(bench.warm(new Cancels(bench.load(name + CANCEL, server, shop.cancel()), subscribe, shop)));
    }

    private static Finding[] findings(Comparison rates, String yardstick) {
        return new Finding[] {
            new Finding("subscribe × pgbench", rates.ratio(SUBSCRIBE, yardstick), 0.8, 1.5),
            new Finding("change quantity × pgbench", rates.ratio(QUANTITY, yardstick), 0.7, 1.2),
            new Finding("cancel × pgbench", rates.ratio(CANCEL, yardstick), 0.7, 1.2),
            new Finding("subscribe × Axon JPA", rates.ratio(SUBSCRIBE, JPA + SUBSCRIBE), 5, 8),
            new Finding("subscribe × Axon JDBC", rates.ratio(SUBSCRIBE, JDBC + SUBSCRIBE), 2, 3),
            new Finding("cancel × Axon JPA", rates.ratio(CANCEL, JPA + CANCEL), 5, 8),
            new Finding("cancel × Axon JDBC", rates.ratio(CANCEL, JDBC + CANCEL), 2, 3),
            new Finding("10 % lose a claim × none does", rates.ratio(IN_VAIN, SUBSCRIBE), 0.9, 1),
            new Finding("10 % conflict × none does", rates.ratio(CONFLICTS, QUANTITY), 0.9, 1)
        };
    }

    /** Cancels what was subscribed before, and lets more subscribe where that is not enough. */
    private static final class Cancels implements Contender {

        private static final double SPARE = 1.5;
        private static final Duration SLICE = Duration.ofMillis(500);

        private final HttpLoad cancel;
        private final HttpLoad subscribe;
        private final Shop shop;
        private double fastest;

        Cancels(HttpLoad cancel, HttpLoad subscribe, Shop shop) {
            this.cancel = cancel;
            this.subscribe = subscribe;
            this.shop = shop;
        }

        @Override
        public String name() {
            return cancel.name();
        }

        @Override
        public List<ProcessHandle> applications() {
            return cancel.applications();
        }

        @Override
        public void prepare(Duration time) {
            if (fastest == 0) {
                fastest = subscribe.run(SLICE).rate();
            }
            while (shop.cancelable() < fastest * SPARE * time.toSeconds()) {
                subscribe.run(SLICE);
            }
        }

        @Override
        public Run run(Duration time) {
            Run run = cancel.run(time);
            fastest = Math.max(fastest, run.rate());
            return run;
        }
    }
}
