package ledger.query.rebuild;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ledger.query.Copies;
import ledger.query.Generation;
import ledger.query.Progress;
import ledger.query.Projection;
import ledger.query.Writing;
import ledger.query.job.Run;
import ledger.query.rebuild.Lane.Fold;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Fills empty tables from the ledger's first {@code upto} events: reads them in order, folds the streams of each lane in memory, and
 * writes every row once. So that memory is bounded however large the ledger, the streams are divided by their ids, and the ledger is
 * read once for each part; a part that is written is a checkpoint.
 */
final class Load {

    private static final int ADVANCE = 1_000;
    private static final int MOST_LANES = 4;

    /**
     * What is to be loaded how: {@code bounds} are the ids of streams at which a part ends and the next begins. {@code loaded} is how many
     * parts are, and {@code indexed} how many keys and indexes.
     */
    record Plan(long upto, List<UUID> bounds, int loaded, int indexed) {

        int parts() {
            return bounds.size() + 1;
        }

        LedgerCopy part(int number) {
            return new LedgerCopy(
                    upto,
                    number == 0 ? null : bounds.get(number - 1),
                    number == bounds.size() ? null : bounds.get(number));
        }

        Plan loaded(int parts) {
            return new Plan(upto, bounds, parts, indexed);
        }

        Plan indexed(int statements) {
            return new Plan(upto, bounds, loaded, statements);
        }
    }

    private final Generation generation;
    private final List<Projection> projections;
    private final JdbcTemplate database;
    private final Writing writing;
    private final Progress progress;
    private final Tables tables;

    Load(Generation generation, Building.Parts parts, List<Projection> projections) {
        this.generation = generation;
        this.projections = projections;
        this.database = parts.database();
        this.writing = parts.writing();
        this.progress = parts.progress();
        this.tables = parts.tables();
    }

    /** The plan with everything loaded. */
    Plan run(Run run, Plan plan) {
        Plan next = plan;
        while (next.loaded < plan.parts()) {
            run.expect(plan.upto, plan.upto * next.loaded / plan.parts());
            List<Fold> folds = Fold.of(projections);
            List<Lane> lanes = fold(run, next, folds);
            next = next.loaded(next.loaded + 1);
            write(run, next, folds, lanes);
        }
        run.expect(plan.upto, plan.upto);
        return next;
    }

    private List<Lane> fold(Run run, Plan plan, List<Fold> folds) {
        List<Lane> lanes = new ArrayList<>();
        for (int i = Math.min(Runtime.getRuntime().availableProcessors(), MOST_LANES); i > 0; i--) {
            lanes.add(new Lane(folds));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(
                lanes.size(), Thread.ofPlatform().name("fold-", 0).daemon().factory())) {
            try {
                List<Future<Lane>> folding = lanes.stream().map(threads::submit).toList();
                read(run, plan, lanes);
                lanes.forEach(Lane::end);
                for (Future<Lane> lane : folding) {
                    lane.get();
                }
                return lanes;
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

    private void read(Run run, Plan plan, List<Lane> lanes) {
        int[] count = new int[1];
        database.execute((ConnectionCallback<Boolean>) connection -> {
            plan.part(plan.loaded).read(connection, projections, event -> {
                lanes.get(event.lane(lanes.size())).add(event);
                if (++count[0] % ADVANCE == 0) {
                    run.advance(ADVANCE);
                }
            });
            return true;
        });
    }

    /** Rows and checkpoint in one commit. */
    private void write(Run run, Plan next, List<Fold> folds, List<Lane> lanes) {
        writing.asOwner(() -> {
            tables.use(generation);
            database.execute((ConnectionCallback<Boolean>) connection -> {
                Copies copies = new Copies(connection);
                folds.forEach(fold -> fold.folding().write(copies));
                return true;
            });
            lanes.forEach(lane -> lane.park(generation, progress));
            run.keep(next);
            return true;
        });
    }
}
