package ledger.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** How much is used, or given back where negative: -(2<sup>53</sup>-1) to 2<sup>53</sup>-1, and not 0. */
public record UsageQuantity(@JsonValue long value) {
    public UsageQuantity {
        Check.between(value, -Money.MOST, Money.MOST);
        if (value == 0) {
            throw new IllegalArgumentException("must not be 0");
        }
    }
}
