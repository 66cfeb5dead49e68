package ledger.query.rebuild;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How what is served differs from what the events come to at {@code position}: in how many of so many rows, and the first of them. */
public record Differences(long position, long rows, long differences, List<Difference> items) {

    /** A row as it is served and as it was built anew, null where there is none, and the events that led to it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Difference(
            String table,
            @Nullable JsonNode served,
            @Nullable JsonNode rebuilt,
            List<Cause> events) {}

    public record Cause(long position, UUID streamId, long version, String type) {}
}
