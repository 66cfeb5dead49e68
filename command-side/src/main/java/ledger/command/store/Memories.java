package ledger.command.store;

import com.github.benmanes.caffeine.cache.Cache;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import ledger.api.TenantId;
import ledger.command.store.Append.NewEvent;
import ledger.http.Caches;

/**
 * What this node last knew of streams, so that a command on a long life costs what one on a short life does. It may be behind
 * where other nodes write: an append to an older version is refused by the ledger, and {@link Execution#isUnconfirmed()} sees
 * to whatever ends without an append.
 */
public final class Memories {

    private static final int STREAMS = 50_000;

    public record Remembered(TenantId tenant, String streamType, Memory aggregate, long version, long position) {}

    private final Cache<UUID, Remembered> streams =
            Caches.builder().maximumSize(STREAMS).build();

    /**
     * What the execution is then decided on. Empty also where the caller must not see it: the database then says that it is not
     * there, and takes as long as ever.
     */
    public Optional<Remembered> of(UUID stream, Execution execution) {
        Optional<Remembered> remembered = Optional.ofNullable(streams.getIfPresent(stream))
                .filter(it -> it.tenant.equals(execution.tenant()))
                .filter(it -> it.aggregate.owner() == null
                        || execution.owner() == null
                        || it.aggregate.owner().equals(execution.owner()));
        remembered.ifPresent(it -> execution.recall(it.position));
        return remembered;
    }

    /** Those of the streams that it does not know. */
    public List<UUID> absent(Collection<UUID> wanted) {
        return wanted.stream()
                .filter(stream -> streams.getIfPresent(stream) == null)
                .toList();
    }

    /** What was read is older than what a command that ran meanwhile has left. */
    public void keep(UUID stream, List<Streams.Stored> events, Memory aggregate) {
        Streams.Stored last = events.getLast();
        streams.asMap()
                .putIfAbsent(
                        stream,
                        new Remembered(last.tenant(), last.streamType(), aggregate, last.version(), last.position()));
    }

    void keep(Execution execution, NewEvent last) {
        if (execution.memory() instanceof Memory aggregate) {
            streams.put(
                    last.stream(),
                    new Remembered(
                            execution.tenant(), last.streamType(), aggregate, last.version(), execution.position()));
        }
    }
}
