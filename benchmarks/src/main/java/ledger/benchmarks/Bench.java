package ledger.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ledger.benchmarks.load.Requests;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Sample;

/** What all workloads work on: one PostgreSQL, a ledger under measurement, the yardstick, and whatever else they start. */
final class Bench implements AutoCloseable {

    /** {@code thorough} is the long mode; {@code warmUp} requests are sent before a figure is believed, but for no longer than the patience. */
    record Plan(boolean thorough, int rounds, Duration time, int connections, int warmUp, Duration patience) {}

    private static final List<Integer> CLIENTS = List.of(8, 16, 32, 64);

    /** Subscriptions that exist before anything is measured. */
    static final int POOL = 20_000;

    final Plan plan;
    final Path script;
    final Path data;
    final LedgerNode node;
    final Postgres postgres;
    final Shop shop;
    final Yardstick yardstick;

    private final List<Child> guests = new ArrayList<>();
    private final Map<String, Child> rivals = new LinkedHashMap<>();
    private final Map<Integer, Double> yardstickRates = new LinkedHashMap<>();
    private int series;

    Bench(Plan plan, Path script, Path data) throws Exception {
        this.plan = plan;
        this.script = script;
        this.data = data;
        this.node = LedgerNode.start(script, data.resolve("ledger"), Map.of());
        this.postgres = node.postgres();
        this.shop = Shop.open(node.api(), "default", nextSeries(), "MONTH", plan.connections());
        HttpLoad subscribe = load("subscribe", node.child(), shop.subscribe());
        subscribe.warmUp(plan.warmUp(), plan.patience());
        while (shop.subscribed() < POOL) {
            subscribe.run(Duration.ofMillis(200));
        }
        this.yardstick = Yardstick.create(postgres);
    }

    /** To be ended with the workload: an idle node still takes connections and a little processor time. */
    LedgerNode keep(LedgerNode ledger) {
        guests.addFirst(ledger.child());
        return ledger;
    }

    void endOfWorkload() {
        guests.forEach(Child::close);
        guests.clear();
    }

    int nextSeries() {
        return series++;
    }

    HttpLoad load(String name, Child server, Requests requests) {
        return new HttpLoad(name, List.of(server), plan.connections(), requests);
    }

    /** A load of which a first part has been sent unmeasured. */
    HttpLoad warm(String name, Child server, Requests requests) throws Exception {
        return warm(load(name, server, requests));
    }

    <C extends Contender> C warm(C contender) throws Exception {
        contender.warmUp(plan.warmUp(), plan.patience());
        return contender;
    }

    Child rival(String engine) throws Exception {
        Child running = rivals.get(engine);
        if (running == null) {
            running = RivalNode.start(engine, postgres, data);
            rivals.put(engine, running);
        }
        return running;
    }

    /** For good: the connections that they keep are needed. */
    void endRivals() {
        rivals.values().forEach(Child::close);
    }

    Optional<Pgbench> pgbench(int clients) {
        return Pgbench.find(yardstick).map(found -> found.with(clients));
    }

    Contender yardstick(int clients) {
        Optional<Pgbench> pgbench = pgbench(clients);
        return pgbench.isPresent() ? pgbench.get() : new JdbcLoop(yardstick, clients);
    }

    /** With as many clients as let it be fastest. */
    Contender yardstick() throws Exception {
        Map<Integer, Double> rates = yardstickRates();
        int best = CLIENTS.stream()
                .max((one, other) -> Double.compare(rates.getOrDefault(one, 0.0), rates.getOrDefault(other, 0.0)))
                .orElseThrow();
        return yardstick(best);
    }

    /** How fast it is with how many clients; found out once. */
    Map<Integer, Double> yardstickRates() throws Exception {
        if (yardstickRates.isEmpty()) {
            for (int clients : CLIENTS) {
                Contender candidate = yardstick(clients);
                double rate = candidate.run(Duration.ofSeconds(2)).rate();
                say("%s: %,.0f/s", candidate.name(), rate);
                yardstickRates.put(clients, rate);
            }
        }
        return yardstickRates;
    }

    /** In turns. */
    Comparison compare(String title, List<? extends Contender> contenders) throws Exception {
        return compare(title, plan.rounds(), contenders);
    }

    Comparison compare(String title, int rounds, List<? extends Contender> contenders) throws Exception {
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (Contender contender : contenders) {
                Sample sample = measure(contender);
                samples.computeIfAbsent(contender.name(), _ -> new ArrayList<>())
                        .add(sample);
                say(
                        "%s, round %d of %d, %s: %,.0f/s, %.0f + %.0f + %.0f µs",
                        title,
                        round,
                        rounds,
                        contender.name(),
                        sample.rate(),
                        sample.application(),
                        sample.postgres(),
                        sample.load());
            }
        }
        return new Comparison(title, samples);
    }

    private Sample measure(Contender contender) throws Exception {
        contender.prepare(plan.time());
        List<ProcessHandle> applications = contender.applications();
        Duration application = Cpu.of(applications);
        Duration database = Cpu.of(postgres.postmaster());
        Duration load = Cpu.alone(ProcessHandle.current());
        Contender.Run run = contender.run(plan.time());
        return new Sample(
                run.rate(),
                run.count(),
                run.latencies(),
                micros(application, Cpu.of(applications), run),
                micros(database, Cpu.of(postgres.postmaster()), run),
                micros(load, Cpu.alone(ProcessHandle.current()), run));
    }

    private static double micros(Duration before, Duration after, Contender.Run run) {
        return run.count() == 0 ? 0 : after.minus(before).toNanos() / 1e3 / run.count();
    }

    static void say(String format, Object... values) {
        System.err.printf(format + "%n", values);
    }

    @Override
    public void close() {
        endOfWorkload();
        endRivals();
        node.close();
    }
}
