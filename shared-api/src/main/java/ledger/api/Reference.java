package ledger.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** A tenant's own key for a subscription (1 to 255 characters), unique within the tenant for ever. */
public record Reference(@JsonValue String value) {
    public Reference {
        Check.text(value, 255);
    }

    @Override
    public String toString() {
        return value;
    }
}
