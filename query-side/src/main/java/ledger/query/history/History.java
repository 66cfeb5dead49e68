package ledger.query.history;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of the history of {@code subject}, the oldest event first; {@code nextCursor} asks for what follows. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record History(
        @JsonIgnore String subject,
        List<HistoryEntry> items,
        @Nullable String nextCursor) {}
