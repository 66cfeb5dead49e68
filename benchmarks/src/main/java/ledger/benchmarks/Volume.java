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

    private static final String FULL = "subscribe, full";
    private static final String EMPTY = "subscribe, empty";

    /** As the appender does it: under its lock, with gapless positions, with due dates and claims. */
    private static final String SEED = """
        with locked as materialized (select pg_advisory_xact_lock(x'6c6564676572'::bigint)),
        head as materialized (select coalesce(max(position), 0) as position from ledger.event, locked),
        pattern as (select e.* from ledger.event e, locked where type = 'subscription.subscribed' order by position limit 1),
        new as materialized (
            select head.position + n as position, uuidv7() as stream_id, uuidv7() as event_id, 'seeded-' || head.position + n as customer
            from head, generate_series(1, ?) n),
        events as (
            insert into ledger.event (position, tenant, stream_id, stream_type, version, event_id, type, revision,
                                      effective_at, payload, metadata)
            select new.position, p.tenant, new.stream_id, p.stream_type, 0, new.event_id, p.type, p.revision, p.effective_at,
                   replace(replace(p.payload::text, p.stream_id::text, new.stream_id::text),
                           p.payload ->> 'customer', new.customer)::json,
                   p.metadata
            from new, pattern p),
        due as (
            insert into ledger.due (stream_id, tenant, due_at, what, simulated)
            select new.stream_id, d.tenant, d.due_at, d.what, d.simulated
            from new, (select d.* from ledger.due d join pattern p using (stream_id)) d)
        insert into ledger.claim (tenant, scope, key, slot, stream_id)
        select p.tenant, 'live', 'app/' || new.customer, 1, new.stream_id from new, pattern p
        """;

    @Override
    public Section run(Bench bench) throws Exception {
        Postgres database = bench.postgres.create("full");
        LedgerNode full = bench.keep(LedgerNode.startOn(database, bench.script, bench.data.resolve("full"), Map.of()));
        Shop shop = Shop.open(full.api(), "default", 0, "MONTH", bench.plan.connections());
        HttpLoad subscribe = bench.warm(FULL, full.child(), shop.subscribe());
        seed(database);
        awaitViews(full, shop, database);
        Comparison rates = bench.compare(
                "subscribe", List.of(bench.load(EMPTY, bench.node.child(), bench.shop.subscribe()), subscribe));
        return new Section("Volume", """
            Closed loop on two ledgers of one build: one holds %,d events more, of as many subscriptions with their claims and due dates, \
            and all its views are up to date.
            """.formatted(EVENTS))
                .with(rates)
                .with(new Finding("subscribe with 10 M events × with few", rates.ratio(FULL, EMPTY), 0.8, 0.95));
    }

    private static void seed(Postgres database) throws Exception {
        try (Connection connection = database.connect();
                PreparedStatement seed = connection.prepareStatement(SEED)) {
            for (int done = 0; done < EVENTS; done += AT_ONCE) {
                seed.setInt(1, AT_ONCE);
                seed.executeUpdate();
                Bench.say("%,d of %,d events", done + AT_ONCE, EVENTS);
            }
        }
        database.execute("analyze");
    }

    private static void awaitViews(LedgerNode node, Shop shop, Postgres database) throws Exception {
        long head = Long.parseLong(
                database.ask("select max(position) from ledger.event").orElseThrow());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String token = node.api().tokens("operator", "default", 1).getFirst();
        while (!node.api().shows("/v1/subscriptions/" + shop.subscription(0), token, head)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the views do not come near");
            }
        }
    }
}
