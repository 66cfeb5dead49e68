package ledger.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** A bound on the live subscriptions that a customer has of one product: 1 to 1,000,000. */
public record MaxLive(@JsonValue int value) {
    public MaxLive {
        Check.between(value, 1, 1_000_000);
    }
}
