package ledger.query.rebuild;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ledger.query.Copies;
import ledger.query.Generation;
import ledger.query.Outages;
import ledger.query.Progress;
import ledger.query.Projection;
import ledger.query.rebuild.Lane.Fold;
import org.jspecify.annotations.Nullable;

/**
 * Some whole streams that are folded together, as many at once as there are processors; {@link #close} it in any case, before it is written
 * or instead.
 */
final class Portion implements AutoCloseable {

    private static final int MOST_LANES = 4;

    private final List<Fold> folds;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Future<Lane>> folding;
    private final ExecutorService threads;
    private int size;
    private @Nullable UUID last;

    Portion(List<Projection> projections) {
        folds = Fold.of(projections);
        for (int i = Math.min(Runtime.getRuntime().availableProcessors(), MOST_LANES); i > 0; i--) {
            lanes.add(new Lane(folds));
        }
        threads = Executors.newFixedThreadPool(
                lanes.size(), Thread.ofPlatform().name("fold-", 0).daemon().factory());
        folding = lanes.stream().map(threads::submit).toList();
    }

    /** How many events it has. */
    int size() {
        return size;
    }

    /** The stream of its last event, of which it has at least one. */
    UUID last() {
        return Objects.requireNonNull(last);
    }

    void add(Tuple event) {
        last = event.stream();
        lanes.get(event.lane(lanes.size())).add(event);
        size++;
    }

    void awaitFolded() {
        lanes.forEach(Lane::end);
        folding.forEach(Portion::result);
    }

    /** What another thread has made, or why it could not. */
    static <T> T result(Future<T> made) {
        try {
            return made.get();
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case SQLException failure -> Outages.translated("reading the ledger", failure);
                case RuntimeException failure -> failure;
                case null, default -> new IllegalStateException(e.getCause());
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void write(Copies copies) {
        folds.forEach(fold -> fold.folding().write(copies));
    }

    void park(Generation generation, Progress progress) {
        lanes.forEach(lane -> lane.park(generation, progress));
    }

    /** Ends those that still wait for events, after a failure. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
