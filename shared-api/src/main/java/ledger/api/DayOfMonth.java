package ledger.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** A day of the month, 1 to 31; a shorter month is meant to end on its last day. */
public record DayOfMonth(@JsonValue int value) {
    public DayOfMonth {
        Check.between(value, 1, 31);
    }
}
