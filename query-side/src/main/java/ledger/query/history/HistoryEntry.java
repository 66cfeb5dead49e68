package ledger.query.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import ledger.api.LedgerEvent;
import ledger.query.StoredEvent;
import ledger.query.StoredJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An event, decoded: {@code effectiveAt} is when it holds, {@code recordedAt} when the ledger wrote it down. {@code actor} is who
 * ({@code time}, where nobody acted), {@code cause} the command or the deadline, and {@code causationId} is the same for all that
 * came of one. {@code corrects} and {@code correctedBy} are versions of the same stream. {@code payload} is byte for byte what is stored; {@code before} and {@code after} are the view around it.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record HistoryEntry(
        long position,
        String streamType,
        UUID streamId,
        long version,
        UUID eventId,
        String type,
        int revision,
        Instant effectiveAt,
        Instant recordedAt,
        @Nullable String actor,
        @Nullable String cause,
        @Nullable String correlationId,
        @Nullable String causationId,
        @Nullable String idempotencyKey,
        String sentence,
        @Nullable Long corrects,
        @Nullable Long correctedBy,
        @JsonRawValue @Schema(implementation = Object.class) String payload,
        @Schema(implementation = Object.class) @Nullable JsonNode before,
        @Schema(implementation = Object.class) JsonNode after,
        List<Change> changes) {

    /** A field of the view that is another after the event; what was or is absent, is absent here. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Change(
            String field,
            @Schema(implementation = Object.class) @Nullable JsonNode before,
            @Schema(implementation = Object.class) @Nullable JsonNode after) {}

    static HistoryEntry of(StoredEvent stored, Corrections corrections, @Nullable Object viewBefore, Object viewAfter) {
        LedgerEvent event = stored.event();
        JsonNode metadata = StoredJson.tree(stored.metadata());
        JsonNode before = viewBefore == null ? null : StoredJson.tree(viewBefore);
        JsonNode after = StoredJson.tree(viewAfter);
        return new HistoryEntry(
                stored.position(),
                stored.streamType(),
                stored.stream(),
                stored.version(),
                stored.eventId(),
                stored.type(),
                stored.revision(),
                stored.effectiveAt(),
                stored.recordedAt(),
                metadata.path("actor").asString(null),
                metadata.path("cause").asString(null),
                metadata.path("correlationId").asString(null),
                metadata.path("causationId").asString(null),
                metadata.path("idempotencyKey").asString(null),
                Sentence.of(event),
                Corrections.madeBy(event),
                corrections.madeOf(stored),
                stored.payload(),
                before,
                after,
                changes(before, after));
    }

    private static List<Change> changes(@Nullable JsonNode before, JsonNode after) {
        Set<String> fields = new LinkedHashSet<>(after.propertyNames());
        if (before != null) {
            fields.addAll(before.propertyNames());
        }
        fields.remove("version"); // it changes with every event
        List<Change> changes = new ArrayList<>();
        for (String field : fields) {
            JsonNode was = before == null ? null : before.get(field);
            JsonNode is = after.get(field);
            if (!Objects.equals(was, is)) {
                changes.add(new Change(field, was, is));
            }
        }
        return changes;
    }
}
