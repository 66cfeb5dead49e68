package ledger.query;

import static java.util.stream.Collectors.toSet;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import ledger.query.Progress.Parked;
import ledger.query.Progress.Place;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Takes events into the tables of a group, in the caller's transaction. A stream with an event that cannot be taken in is parked:
 * what comes later in it waits, so that its order holds, and all others go on.
 */
public final class Intake {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final List<Projection> projections;
    private final Progress progress;
    private final JdbcClient database;

    Intake(List<Projection> projections, Progress progress, JdbcClient database) {
        this.projections = List.copyOf(projections);
        this.progress = progress;
        this.database = database;
    }

    /** Into the generation that the names of tables mean now, which the caller has locked at this place. */
    public void take(Generation generation, Place place, List<UnreadEvent> events) {
        Set<UUID> waiting = place.parked() == 0
                ? Set.of()
                : progress.parked(generation).stream().map(Parked::streamId).collect(toSet());
        List<UnreadEvent> next = events.stream()
                .filter(event -> event.position() > place.position() && !waiting.contains(event.stream()))
                .filter(this::concerns)
                .toList();
        if (!next.isEmpty() && attempt(next) != null) {
            takeSingly(generation, next);
        }
    }

    /** Takes in what a stream has waited with, as far as it can be; what stopped it again, if anything did. */
    public @Nullable String retry(Generation generation, Parked parked, List<UnreadEvent> events) {
        progress.release(generation, parked.streamId());
        takeSingly(generation, events.stream().filter(this::concerns).toList());
        return progress.parked(generation, parked.streamId()).map(Parked::error).orElse(null);
    }

    private void takeSingly(Generation generation, List<UnreadEvent> events) {
        Set<UUID> parked = new HashSet<>();
        for (UnreadEvent event : events) {
            RuntimeException failure = parked.contains(event.stream()) ? null : attempt(List.of(event));
            if (failure != null) {
                LOG.error("Stream {} is parked at position {}", event.stream(), event.position(), failure);
                parked.add(event.stream());
                progress.park(
                        generation,
                        event.stream(),
                        event.tenant(),
                        event.position(),
                        event.type(),
                        Outages.reason(failure));
            }
        }
    }

    /** All of them or none; what is wrong, unless it is the database. */
    private @Nullable RuntimeException attempt(List<UnreadEvent> events) {
        database.sql("savepoint intake").update();
        try {
            List<Recorded> recorded = events.stream().map(UnreadEvent::read).toList();
            projections.forEach(projection -> apply(projection, recorded));
            database.sql("release savepoint intake").update();
            return null;
        } catch (RuntimeException e) {
            if (Outages.isOutage(e)) {
                throw e;
            }
            database.sql("rollback to savepoint intake").update();
            return e;
        }
    }

    private static void apply(Projection projection, List<Recorded> recorded) {
        List<Recorded> concerned = recorded.stream()
                .filter(one -> projection.concerns(one.event().getClass()))
                .toList();
        if (!concerned.isEmpty()) {
            projection.apply(concerned);
        }
    }

    boolean concerns(UnreadEvent event) {
        return projections.stream().anyMatch(event::concerns);
    }
}
