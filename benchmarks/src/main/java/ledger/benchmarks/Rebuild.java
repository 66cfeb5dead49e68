package ledger.benchmarks;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import ledger.benchmarks.report.Chart;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Section;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import tools.jackson.databind.JsonNode;

/** A read model of a million events, built anew: beside what reading and writing that much takes, and Axon's replay. */
final class Rebuild implements Workload {

    private static final int SUBSCRIPTIONS = 200_000;
    private static final int EVENTS_EACH = 5;

    private static final String FLOOR = "cursor and COPY";
    private static final String LEDGER = "rebuild";
    private static final String AXON = "Axon's pooled processor";

    @Override
    public Section run(Bench bench) throws Exception {
        Another ledger = Another.start(bench, "rebuilt", bench.script, Map.of());
        String life = live(ledger.node().api(), ledger.shop(), ledger.operator());
        Seed.copies(ledger.database(), life, SUBSCRIPTIONS);
        ledger.awaitViews();
        long events = Long.parseLong(
                ledger.database().ask("select count(*) from ledger.event").orElseThrow());
        Comparison rates = bench.compare(
                LEDGER,
                List.of(
                        new Floor(ledger.database(), bench.data.resolve("subscription.copy")),
                        bench.warm(new Job(ledger, events)),
                        bench.warm(new Replay(bench.rival("jdbc"), agreements(bench)))));
        return new Section("Rebuild", """
            All views of subscriptions from %,d events, most of them of %,d subscriptions with %d events each: built aside, with their \
            indexes, and switched to, while they serve. The floor reads the same events by a cursor in their order and copies the rows \
            of the subscription view, made before, into a table without an index: it folds nothing. Axon's processor works for \
            one run's time on as many events of its own table, in portions of 500, and writes a row for each event by JDBC.
            """.formatted(events, SUBSCRIPTIONS, EVENTS_EACH))
                .with(rates)
                .with(
                        new Finding("rebuild × floor", rates.ratio(LEDGER, FLOOR), 0.5, 0.9),
                        new Finding("rebuild × Axon's pooled processor", rates.ratio(LEDGER, AXON), 8, 15))
                .with(Chart.ofRounds("rebuild", "Events taken in, round by round", "a second", rates));
    }

    /** The subscription whose life all others will have. */
    private static String live(Api api, Shop shop, String token) throws Exception {
        String id = shop.subscription(0);
        for (int quantity = 2; quantity <= EVENTS_EACH; quantity++) {
            api.post("/v1/subscriptions/" + id + "/quantity-change", token, Map.of("quantity", quantity));
        }
        return id;
    }

    /** Reads every event, and copies the view's rows, which it has from before, to a new table. */
    private record Floor(Postgres database, Path rows) implements Contender {

        private static final int PORTION = 10_000;

        @Override
        public String name() {
            return FLOOR;
        }

        @Override
        public void prepare(Duration time) throws Exception {
            try (Connection connection = database.connect();
                    OutputStream file = Files.newOutputStream(rows)) {
                copies(connection).copyOut("copy " + table(connection) + " to stdout (format binary)", file);
            }
        }

        @Override
        public Run run(Duration time) throws Exception {
            long begin = System.nanoTime();
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement();
                    InputStream file = Files.newInputStream(rows)) {
                connection.setAutoCommit(false);
                statement.setFetchSize(PORTION);
                long read = read(statement);
                statement.execute("create table floor (like " + table(connection) + ")");
                copies(connection).copyIn("copy floor from stdin (format binary)", file);
                connection.commit();
                double seconds = (System.nanoTime() - begin) / 1e9;
                statement.execute("drop table floor");
                connection.commit();
                return new Run(read / seconds, read, Contender.histogram());
            }
        }

        private static long read(Statement statement) throws Exception {
            long read = 0;
            try (ResultSet rows = statement.executeQuery(
                    "select position, tenant, stream_id, version, type, revision, payload from ledger.event"
                            + " order by position")) {
                while (rows.next()) {
                    rows.getBytes("payload");
                    read++;
                }
            }
            return read;
        }

        private static CopyManager copies(Connection connection) throws Exception {
            return connection.unwrap(PGConnection.class).getCopyAPI();
        }

        /** The one that is served. */
        private static String table(Connection connection) throws Exception {
            try (Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("select schemaname from pg_tables where tablename = 'subscription'"
                                    + " and schemaname ~ '^views_subscription_[0-9]+$'")) {
                row.next();
                return row.getString(1) + ".subscription";
            }
        }
    }

    /** What an admin does. */
    private record Job(Another ledger, long events) implements Contender {

        private static final Duration LOOK = Duration.ofMillis(20);

        @Override
        public String name() {
            return LEDGER;
        }

        @Override
        public List<ProcessHandle> applications() {
            return List.of(ledger.node().child().process());
        }

        @Override
        public Run run(Duration time) throws Exception {
            Api api = ledger.node().api();
            String admin = api.tokens("admin", "default", 1).getFirst();
            long begin = System.nanoTime();
            String job = api.post("/v1/admin/projections/subscription/rebuild", admin, Map.of())
                    .body()
                    .path("jobId")
                    .asString();
            JsonNode state = api.get("/v1/admin/jobs/" + job, admin, 0).body();
            while (state.path("finishedAt").isMissingNode()) {
                Thread.sleep(LOOK);
                state = api.get("/v1/admin/jobs/" + job, admin, 0).body();
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (!state.path("state").asString().equals("DONE")) {
                throw new IllegalStateException("the rebuild ended: " + state);
            }
            return new Run(events / seconds, events, Contender.histogram());
        }
    }

    /** As many events in Axon's table; {@return how many}. */
    private static long agreements(Bench bench) throws Exception {
        Child axon = bench.rival("jdbc");
        Shop shop = Shop.open(bench.nextSeries());
        new HttpLoad("one", List.of(axon), 1, shop.subscribe()).run(Duration.ofMillis(1));
        live(new Api(axon.url(), bench.data), shop, "none");
        Postgres database = bench.postgres.named("axon_jdbc");
        database.execute("""
                with life as materialized (select * from domainevententry where aggregateidentifier = '%s'),
                fresh as materialized (select uuidv7()::text as id from generate_series(1, %d))
                insert into domainevententry (aggregateidentifier, sequencenumber, type, eventidentifier, metadata, payload,
                                              payloadrevision, payloadtype, timestamp)
                select f.id, l.sequencenumber, l.type, uuidv7()::text, l.metadata,
                       convert_to(replace(convert_from(l.payload, 'UTF8'), l.aggregateidentifier, f.id), 'UTF8'),
                       l.payloadrevision, l.payloadtype, l.timestamp
                from life l, fresh f order by l.sequencenumber
                """.formatted(shop.subscription(0), SUBSCRIPTIONS));
        database.execute("analyze");
        return Long.parseLong(
                database.ask("select count(*) from domainevententry").orElseThrow());
    }

    private record Replay(Child axon, long events) implements Contender {

        @Override
        public String name() {
            return AXON;
        }

        @Override
        public List<ProcessHandle> applications() {
            return List.of(axon.process());
        }

        @Override
        public Run run(Duration time) throws Exception {
            JsonNode replayed = new Api(axon.url(), Path.of(""))
                    .post("/replay?events=" + events + "&seconds=" + time.toSeconds(), "none", Map.of())
                    .body();
            long handled = replayed.path("events").asLong();
            if (handled == 0) {
                throw new IllegalStateException("Axon's processor did not begin: " + replayed);
            }
            return new Run(handled / (replayed.path("nanos").asLong() / 1e9), handled, Contender.histogram());
        }
    }
}
