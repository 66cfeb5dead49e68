package ledger.command.store;

import ledger.api.CustomerId;
import org.jspecify.annotations.Nullable;

/** An aggregate as it was after its last event, that can be woken up any number of times. */
public interface Memory {

    /** One that shares nothing with this that may change. */
    Memory copy();

    /** The only customer for whom it is there; null when that is not a matter of its own. */
    @Nullable
    CustomerId owner();
}
