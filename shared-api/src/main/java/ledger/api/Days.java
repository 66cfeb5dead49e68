package ledger.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** A number of local calendar days, 0 to 3660. */
public record Days(@JsonValue int value) {
    public Days {
        Check.between(value, 0, 3660);
    }
}
