package ledger.query.rebuild;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import ledger.query.Folding;
import ledger.query.Generation;
import ledger.query.Outages;
import ledger.query.Progress;
import ledger.query.Projection;
import ledger.query.Recorded;
import org.jspecify.annotations.Nullable;

/** Folds those streams of a portion that are its own, on a thread of its own: reading JSON is most of the work. */
final class Lane implements Callable<Lane> {

    private static final int CHUNK = 256;
    private static final int CHUNKS_AHEAD = 8;

    private record Failed(Tuple event, String error) {}

    /** A projection and what it makes of the events; lanes share it. */
    record Fold(Projection projection, Folding folding) {

        static List<Fold> of(List<Projection> projections) {
            return projections.stream()
                    .flatMap(one -> one.folding().stream().map(folding -> new Fold(one, folding)))
                    .toList();
        }
    }

    private final List<Fold> folds;
    private final Map<UUID, Failed> parked = new HashMap<>();
    private final BlockingQueue<List<Tuple>> queue = new ArrayBlockingQueue<>(CHUNKS_AHEAD);
    private List<Tuple> chunk = new ArrayList<>(CHUNK);
    private volatile boolean ended;
    private volatile boolean dead;

    Lane(List<Fold> folds) {
        this.folds = folds;
    }

    /** By the one who reads; waits while this lane is behind. */
    void add(Tuple event) {
        chunk.add(event);
        if (chunk.size() == CHUNK) {
            send();
        }
    }

    void end() {
        if (!ended) {
            send();
            ended = true;
            chunk = List.of();
            put(chunk);
        }
    }

    private void send() {
        put(chunk);
        chunk = new ArrayList<>(CHUNK);
    }

    private void put(List<Tuple> events) {
        try {
            while (!dead && !queue.offer(events, 100, TimeUnit.MILLISECONDS)) {
                // the lane is behind; one that is dead says why when it is asked for its result
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public Lane call() throws InterruptedException {
        try {
            for (List<Tuple> events = queue.take(); !(ended && events.isEmpty()); events = queue.take()) {
                events.forEach(this::fold);
            }
            return this;
        } finally {
            dead = true;
        }
    }

    /** The same that the live intake does: what cannot be taken in changes nothing, and what follows in its stream waits. */
    private void fold(Tuple event) {
        UUID stream = event.stream();
        if (!parked.isEmpty() && parked.containsKey(stream)) {
            return;
        }
        RuntimeException failure = attempt(event);
        if (failure != null) {
            parked.put(stream, new Failed(event, Outages.reason(failure)));
        }
    }

    private @Nullable RuntimeException attempt(Tuple event) {
        try {
            Recorded recorded = event.read();
            for (Fold fold : folds) {
                if (fold.projection.concerns(recorded.event().getClass())) {
                    fold.folding.add(recorded);
                }
            }
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    void park(Generation generation, Progress progress) {
        parked.forEach((stream, failed) -> progress.park(
                generation, stream, failed.event.tenant(), failed.event.position(), failed.event.type(), failed.error));
    }
}
