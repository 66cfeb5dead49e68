package ledger.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import ledger.api.Problem;
import org.jspecify.annotations.Nullable;

/** A part of a list. {@code nextCursor} asks for what follows, and is absent at the end. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<T>(List<T> items, @Nullable String nextCursor) {

    private static final int USUAL = 50;
    private static final int MOST = 200;

    /** How many items a request asks for: 1 to 200, and 50 if it does not say. */
    public static int limit(@Nullable Integer asked) {
        if (asked != null && (asked < 1 || asked > MOST)) {
            throw Problem.INVALID_PARAMETER.because("limit must be from 1 to " + MOST);
        }
        return asked == null ? USUAL : asked;
    }

    /** The page of {@code limit} items of rows of which one more than that was read, to know whether any follow. */
    public static <R, T> Page<T> of(List<R> rows, int limit, Function<R, T> item, Function<R, Cursor> cursor) {
        List<R> shown = rows.subList(0, Math.min(limit, rows.size()));
        return new Page<>(
                shown.stream().map(item).toList(),
                rows.size() > limit ? cursor.apply(shown.getLast()).encoded() : null);
    }
}
