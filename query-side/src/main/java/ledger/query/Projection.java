package ledger.query;

import java.util.List;

/** A table that follows the ledger. All of one group follow together: they always show the same position. */
public interface Projection {

    String group();

    boolean concerns(Class<?> event);

    /** Takes in what happened next, in one transaction with its group's position. Throwing stops the group, loudly. */
    void apply(List<Recorded> events);
}
