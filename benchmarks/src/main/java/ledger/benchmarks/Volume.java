package ledger.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Section;

/** Commands on a ledger that holds millions of events, beside one that holds few. */
final class Volume implements Workload {

    private static final int EVENTS = 10_000_000;
    private static final int AT_ONCE = 100_000;
    private static final Duration PATIENCE = Duration.ofHours(2);

    private static final String FULL = "full";
    private static final String EMPTY = "empty";

    private static final String LOCK = "select pg_advisory_xact_lock(" + 0x6c6564676572L + ")";

    /** As the appender does it, under its lock: with gapless positions, with due dates and claims. */
    private static final String SEED = """
        with head as materialized (select max(position) as position from ledger.event),
        pattern as materialized (
            select * from ledger.event where type = 'subscription.subscribed' order by position limit 1),
        fresh as materialized (
            select head.position + n as position, uuidv7() as stream_id, uuidv7() as event_id,
                   'seeded-' || head.position + n as customer
            from head, generate_series(1, ?) n),
        events as (
            insert into ledger.event (position, tenant, stream_id, stream_type, version, event_id, type, revision,
                                      effective_at, payload, metadata)
            select f.position, p.tenant, f.stream_id, p.stream_type, 0, f.event_id, p.type, p.revision, p.effective_at,
                   replace(replace(p.payload::text, p.stream_id::text, f.stream_id::text),
                           p.payload ->> 'customer', f.customer)::json,
                   p.metadata
            from fresh f, pattern p),
        dates as (
            insert into ledger.due (stream_id, tenant, due_at, what, simulated)
            select f.stream_id, d.tenant, d.due_at, d.what, d.simulated
            from fresh f, ledger.due d join pattern p using (stream_id))
        insert into ledger.claim (tenant, scope, key, slot, stream_id)
        select p.tenant, 'live', 'app/' || f.customer, 1, f.stream_id from fresh f, pattern p
        """;

    @Override
    public Section run(Bench bench) throws Exception {
        Another full = Another.start(bench, FULL, bench.script, Map.of());
        seed(full.database());
        awaitViews(full);
        Comparison rates = bench.compare(
                "subscribe", List.of(bench.load(EMPTY, bench.node.child(), bench.shop.subscribe()), full.subscribe()));
        return new Section("Volume", """
            Closed loop on two ledgers of one build: one holds %,d events more, of as many subscriptions with their claims and due dates, \
            and all its views are up to date.
            """.formatted(EVENTS))
                .with(rates)
                .with(new Finding("subscribe with 10 M events × with few", rates.ratio(FULL, EMPTY), 0.8, 0.95));
    }

    private static void seed(Postgres database) throws Exception {
        try (Connection connection = database.connect();
                PreparedStatement lock = connection.prepareStatement(LOCK);
                PreparedStatement seed = connection.prepareStatement(SEED)) {
            connection.setAutoCommit(false);
            for (int done = 0; done < EVENTS; done += AT_ONCE) {
                lock.execute();
                seed.setInt(1, AT_ONCE);
                seed.executeUpdate();
                connection.commit();
                Bench.say("%,d of %,d events", done + AT_ONCE, EVENTS);
            }
        }
        database.execute("analyze");
    }

    private static void awaitViews(Another full) throws Exception {
        long head = Long.parseLong(
                full.database().ask("select max(position) from ledger.event").orElseThrow());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Api api = full.node().api();
        String path = "/v1/subscriptions/" + full.shop().subscription(0);
        while (!api.shows(path, api.tokens("operator", "default", 1).getFirst(), head)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the views do not come near");
            }
        }
    }
}
