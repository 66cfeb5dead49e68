package ledger.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** Why somebody did it, in their own words: 1 to 500 characters. */
public record Reason(@JsonValue String value) {
    public Reason {
        Check.text(value, 500);
    }
}
