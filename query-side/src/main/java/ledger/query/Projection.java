package ledger.query;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A table that follows the ledger. All of one group follow together: they always show the same position. */
public interface Projection {

    String group();

    boolean concerns(Class<?> event);

    /** Takes in what happened next, in one transaction with its group's position. Throwing parks the stream, loudly. */
    void apply(List<Recorded> events);

    /** For its tables, which events {@code e} have led to a row {@code r}, as a condition. */
    default Map<String, String> origins() {
        return Map.of();
    }

    /** The same fold from the first event on, in bulk; empty for what keeps no tables. */
    default Optional<Folding> folding() {
        return Optional.empty();
    }
}
