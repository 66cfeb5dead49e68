package ledger.query.rebuild;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import ledger.query.Copies;
import ledger.query.Generation;
import ledger.query.Progress;
import ledger.query.Projection;
import ledger.query.Writing;
import ledger.query.job.Run;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Fills empty tables from the ledger's first {@code upto} events: reads them in order, folds each lane's streams in memory, and
 * writes every row once. So that memory is bounded however large the ledger, the streams are divided by hash, and the ledger is
 * read once for each part; a part of a lane that is written is a checkpoint.
 */
final class Load {

    private static final int ADVANCE = 1_000;

    /** What is to be loaded how, and which parts of it are; {@code indexed} is how many keys and indexes are made. */
    record Plan(long upto, int passes, int lanes, Set<Integer> loaded, int indexed) {

        Plan loaded(int part) {
            Set<Integer> more = new TreeSet<>(loaded);
            more.add(part);
            return new Plan(upto, passes, lanes, more, indexed);
        }

        Plan indexed(int statements) {
            return new Plan(upto, passes, lanes, loaded, statements);
        }
    }

    private final Generation generation;
    private final List<Projection> projections;
    private final JdbcTemplate database;
    private final Writing writing;
    private final Progress progress;
    private final Tables tables;
    private final ReentrantLock commit = new ReentrantLock();
    private volatile Plan plan;

    Load(Generation generation, Building.Parts parts, List<Projection> projections, Plan plan) {
        this.generation = generation;
        this.projections = projections;
        this.database = parts.database();
        this.writing = parts.writing();
        this.progress = parts.progress();
        this.tables = parts.tables();
        this.plan = plan;
    }

    /** The plan with everything loaded. */
    Plan run(Run run) {
        for (int pass = 0; pass < plan.passes; pass++) {
            Map<Integer, Lane> lanes = new TreeMap<>();
            for (int lane = 0; lane < plan.lanes; lane++) {
                if (!plan.loaded.contains(pass * plan.lanes + lane)) {
                    lanes.put(lane, new Lane(projections));
                }
            }
            run.expect(plan.upto, plan.upto * pass / plan.passes);
            if (!lanes.isEmpty()) {
                run(run, pass, lanes);
            }
        }
        run.expect(plan.upto, plan.upto);
        return plan;
    }

    private void run(Run run, int pass, Map<Integer, Lane> lanes) {
        try (ExecutorService threads = Executors.newFixedThreadPool(
                lanes.size(), Thread.ofPlatform().name("fold-", 0).daemon().factory())) {
            List<Future<?>> writing = new ArrayList<>();
            lanes.forEach((number, lane) -> writing.add(threads.submit(() -> {
                lane.call();
                write(run, pass * plan.lanes + number, lane);
                return number;
            })));
            try {
                read(run, pass, lanes);
                lanes.values().forEach(Lane::end);
                for (Future<?> lane : writing) {
                    lane.get();
                }
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            } finally {
                threads.shutdownNow(); // those that still wait for events, after a failure
            }
        }
    }

    private void read(Run run, int pass, Map<Integer, Lane> lanes) {
        int[] count = new int[1];
        database.execute((ConnectionCallback<Boolean>) connection -> {
            new LedgerCopy(plan.upto, plan.passes, pass, projections).read(connection, event -> {
                Lane lane = lanes.get(event.lane(plan.lanes));
                if (lane != null) {
                    lane.add(event);
                }
                if (++count[0] % ADVANCE == 0) {
                    run.advance(ADVANCE);
                }
            });
            return true;
        });
    }

    /** Rows and checkpoint in one commit, one lane after the other: each adds to what the one before kept. */
    private void write(Run run, int part, Lane lane) {
        try {
            writing.asOwner(() -> {
                tables.use(generation);
                database.execute((ConnectionCallback<Boolean>) connection -> copy(connection, lane));
                commit.lock();
                run.keep(plan.loaded(part));
                return true;
            });
            plan = plan.loaded(part);
        } finally {
            if (commit.isHeldByCurrentThread()) {
                commit.unlock();
            }
        }
    }

    private boolean copy(Connection connection, Lane lane) throws SQLException {
        lane.write(generation, new Copies(connection), progress);
        return true;
    }
}
