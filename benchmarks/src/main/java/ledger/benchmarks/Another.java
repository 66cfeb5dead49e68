package ledger.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Another ledger on a database of its own, warmed up, to be measured in turns with one that differs from it in one respect. */
record Another(Postgres database, LedgerNode node, Shop shop, HttpLoad subscribe) {

    private static final Duration PATIENCE = Duration.ofHours(2);
    private static final Duration SLICE = Duration.ofMillis(200);

    static Another start(Bench bench, String name, Path script, Map<String, String> settings) throws Exception {
        Postgres database = bench.postgres.create(name);
        LedgerNode node = bench.keep(LedgerNode.startOn(database, script, bench.data.resolve(name), settings));
        Shop shop = Shop.open(node.api(), "default", 0, "MONTH", bench.plan.connections());
        HttpLoad subscribe = bench.warm(name, node.child(), shop.subscribe());
        while (shop.subscribed() < Bench.POOL) {
            subscribe.run(SLICE);
        }
        return new Another(database, node, shop, subscribe);
    }

    /** Returns when its views hold all that its ledger does. */
    void awaitViews() throws Exception {
        long head = Long.parseLong(
                database.ask("select max(position) from ledger.event").orElseThrow());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Api api = node.api();
        String operator = operator();
        while (!api.shows("/v1/subscriptions/" + shop.subscription(0), operator, head)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the views do not come near");
            }
        }
    }

    String operator() throws Exception {
        return node.api().tokens("operator", "default", 1).getFirst();
    }
}
