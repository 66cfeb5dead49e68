package ledger.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;

/** Fills a ledger with copies of one subscription's life, as the appender stores them: under its lock, at gapless positions. */
final class Seed {

    private static final int AT_ONCE = 100_000;

    private static final String LOCK = "select pg_advisory_xact_lock(" + 0x6c6564676572L + ")";

    /** All first events, then all second ones; with the claims and due dates that the life has. */
    private static final String COPY = """
        with head as materialized (select max(position) as position from ledger.event),
        asked as materialized (select ?::uuid as stream_id, ?::int as copies),
        life as materialized (select e.* from ledger.event e join asked using (stream_id)),
        customer as materialized (select payload ->> 'customer' as id from life where version = 0),
        fresh as materialized (
            select n, uuidv7() as stream_id, 'seeded-' || head.position + n as customer
            from head, asked, generate_series(1, asked.copies) n),
        events as (
            insert into ledger.event (position, tenant, stream_id, stream_type, version, event_id, type, revision,
                                      effective_at, payload, metadata)
            select head.position + life.version * asked.copies + f.n, life.tenant, f.stream_id, life.stream_type,
                   life.version, uuidv7(), life.type, life.revision, life.effective_at,
                   replace(replace(life.payload::text, life.stream_id::text, f.stream_id::text),
                           customer.id, f.customer)::json,
                   life.metadata
            from head, asked, life, customer, fresh f
            order by life.version, f.n), -- as a ledger lies on its disk
        dates as (
            insert into ledger.due (stream_id, tenant, due_at, what, simulated)
            select f.stream_id, d.tenant, d.due_at, d.what, d.simulated
            from fresh f, ledger.due d join asked using (stream_id))
        insert into ledger.claim (tenant, scope, key, slot, stream_id)
        select life.tenant, 'live', 'app/' || f.customer, 1, f.stream_id from fresh f, life where life.version = 0
        """;

    private Seed() {}

    /** {@code copies} is rounded up to full portions. */
    static void copies(Postgres database, String subscription, int copies) throws Exception {
        try (Connection connection = database.connect();
                PreparedStatement lock = connection.prepareStatement(LOCK);
                PreparedStatement copy = connection.prepareStatement(COPY)) {
            connection.setAutoCommit(false);
            for (int done = 0; done < copies; done += AT_ONCE) {
                lock.execute();
                copy.setString(1, subscription);
                copy.setInt(2, AT_ONCE);
                copy.executeUpdate();
                connection.commit();
                Bench.say("%,d of %,d subscriptions", done + AT_ONCE, copies);
            }
        }
        database.execute("analyze");
    }
}
