package ledger.command.store;

import java.util.UUID;
import ledger.api.Rejected;
import org.jspecify.annotations.Nullable;

/**
 * The first answer to an idempotency key: a version of a stream, from which the body is made again, and the position to read
 * from; or a refusal. {@code request} is the SHA-256 of the request that it answered.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
public record Answer(
        String actor,
        String key,
        byte[] request,
        @Nullable UUID stream,
        long version,
        long position,
        @Nullable Rejected refusal) {

    Answer at(long appended) {
        return new Answer(actor, key, request, stream, version, appended, refusal);
    }
}
