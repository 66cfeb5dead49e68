package ledger.query.rebuild;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import ledger.query.Copies;
import ledger.query.Generation;
import ledger.query.Outages;
import ledger.query.OwnConnections;
import ledger.query.Progress;
import ledger.query.Projection;
import ledger.query.Writing;
import ledger.query.job.Run;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Fills empty tables from the ledger's first {@code upto} events: reads them stream by stream, folds a portion of the streams at a time in
 * memory, and writes every row once. So memory is bounded however large the ledger, what a stream once was is forgotten at once, and a
 * portion that is written is a checkpoint.
 */
final class Load {

    private static final Duration AS_LONG_AS_IT_TAKES = Duration.ZERO;

    /**
     * What is to be loaded, and how far that is: {@code done} events, of all streams through {@code through} in the order of their ids;
     * {@code keys} is how many of the tables have theirs.
     */
    record Plan(long upto, @Nullable UUID through, long done, int keys) {

        static Plan of(long upto) {
            return new Plan(upto, null, 0, 0);
        }

        private Plan loaded(UUID last, long events) {
            return new Plan(upto, last, done + events, keys);
        }

        Plan withKeys(int count) {
            return new Plan(upto, through, done, count);
        }
    }

    private final Generation generation;
    private final List<Projection> projections;
    private final int events;
    private final JdbcTemplate database;
    private final OwnConnections reading;
    private final Writing writing;
    private final Progress progress;
    private final Tables tables;

    /** In portions of about so many events. */
    Load(Generation generation, Building.Parts parts, List<Projection> projections, int events) {
        this.generation = generation;
        this.projections = projections;
        this.events = events;
        this.database = parts.database();
        this.reading = parts.reading();
        this.writing = parts.writing();
        this.progress = parts.progress();
        this.tables = parts.tables();
    }

    /** The plan with everything loaded. */
    Plan run(Run run, Plan plan) {
        run.expect(plan.upto, plan.done);
        // Its own: what is read halfway, because something failed, ends with the connection, and nobody is given the
        // rest.
        try (Connection connection = reading.open("rebuild", "ledger_query", AS_LONG_AS_IT_TAKES)) {
            Plan loaded = load(connection, run, plan);
            run.expect(plan.upto, plan.upto);
            return loaded;
        } catch (SQLException e) {
            throw Outages.translated("reading the ledger", e);
        }
    }

    /** While one portion is written, the next one is read and folded. */
    private Plan load(Connection connection, Run run, Plan begun) throws SQLException {
        Plan plan = begun;
        LedgerCopy ledger = LedgerCopy.read(connection, plan.upto, plan.through, projections);
        try (ExecutorService reader = Workers.named("read", 1)) {
            Future<Portion> next = reader.submit(() -> portion(ledger));
            for (Portion portion = Workers.result(next); portion.size() > 0; portion = Workers.result(next)) {
                next = reader.submit(() -> portion(ledger));
                run.advance(portion.size());
                plan = plan.loaded(portion.last(), portion.size());
                write(run, plan, portion);
            }
        }
        return plan;
    }

    /** Of whole streams; empty at the end. */
    private Portion portion(LedgerCopy ledger) throws SQLException {
        try (Portion portion = new Portion(projections)) {
            for (Tuple event = ledger.peek(); event != null && takes(portion, event); event = ledger.peek()) {
                portion.add(ledger.take());
            }
            portion.awaitFolded();
            return portion;
        }
    }

    private boolean takes(Portion portion, Tuple event) {
        return portion.size() < events || event.stream().equals(portion.last());
    }

    /** Rows and checkpoint in one commit. */
    private void write(Run run, Plan plan, Portion portion) {
        writing.asOwner(() -> {
            tables.use(generation);
            database.execute((ConnectionCallback<Boolean>) connection -> {
                portion.write(new Copies(connection));
                return true;
            });
            portion.park(generation, progress);
            run.keep(plan);
            return true;
        });
    }
}
