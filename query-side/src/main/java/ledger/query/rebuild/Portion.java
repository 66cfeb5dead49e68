package ledger.query.rebuild;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import ledger.query.Copies;
import ledger.query.Generation;
import ledger.query.Progress;
import ledger.query.Projection;
import ledger.query.rebuild.Lane.Fold;
import org.jspecify.annotations.Nullable;

/**
 * Some whole streams that are folded together, as many at once as there are processors; {@link #close} it in any case, before it is written
 * or instead.
 */
final class Portion implements AutoCloseable {

    private final List<Fold> folds;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Future<Lane>> folding;
    private final ExecutorService threads;
    private int size;
    private @Nullable UUID last;

    Portion(List<Projection> projections) {
        folds = Fold.of(projections);
        for (int i = 0; i < Workers.count(); i++) {
            lanes.add(new Lane(folds));
        }
        threads = Workers.named("fold", lanes.size());
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
        folding.forEach(Workers::result);
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
