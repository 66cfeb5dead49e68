package ledger.query.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Long work as its admins see it. {@code done} of {@code total} are events; {@code eta} is when it will have finished at the
 * rate of now. {@code result} is what its kind of work has to say in the end.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Job(
        UUID jobId,
        String kind,
        String subject,
        State state,
        long done,
        long total,
        double eventsPerSecond,
        @Nullable Instant eta,
        String startedBy,
        Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String error,

        @Schema(type = "object", implementation = Object.class) @Nullable
        JsonNode result) {

    public enum State {
        RUNNING,
        PAUSED,
        DONE,
        FAILED,
        CANCELED;

        boolean isFinished() {
            return this != RUNNING && this != PAUSED;
        }
    }
}
