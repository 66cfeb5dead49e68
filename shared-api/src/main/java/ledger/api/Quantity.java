package ledger.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** How many units a subscription is for: 1 to 1,000,000. */
public record Quantity(@JsonValue int value) {
    public Quantity {
        Check.between(value, 1, 1_000_000);
    }
}
