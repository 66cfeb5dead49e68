package ledger.command.store;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import ledger.api.TenantId;
import ledger.command.domain.Claims;
import org.jspecify.annotations.Nullable;

/** Everything that one command stores, in one commit or not at all. */
record Append(
        TenantId tenant,
        List<NewEvent> events,
        List<Claims> claims,
        @Nullable DueChange due,
        List<Guard> guards,
        @Nullable Answer answer) {

    record NewEvent(
            UUID id,
            UUID stream,
            String streamType,
            long version,
            String type,
            int revision,
            Instant effectiveAt,
            String payload,
            String metadata) {}

    /** The stream's next deadline; {@code at} and {@code what} are null when it has none. */
    record DueChange(
            TenantId tenant,
            UUID stream,
            @Nullable Instant at,
            @Nullable String what) {}

    /** What was decided holds only while that stream is at that version (-1: does not exist). */
    record Guard(UUID stream, long version) {}

    /** How it ended. */
    sealed interface Outcome {
        /** Durable; the position of its last event, or of what its answer speaks of where it had none. */
        record Stored(long position) implements Outcome {}

        /** Another writer was first: nothing was stored, and the command is to be decided again. */
        record Lost(boolean streamExists) implements Outcome {}

        /** The set has no free slot: nothing was stored. */
        record Taken(String scope, String key) implements Outcome {}

        /** The idempotency key has its answer already: nothing was stored. */
        record Answered(Answer first) implements Outcome {}
    }
}
