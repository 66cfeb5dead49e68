package ledger.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** Who subscribes, as an opaque id of the tenant's (1 to 255 characters): never a name or an address. */
public record CustomerId(@JsonValue String value) {
    public CustomerId {
        Check.text(value, 255);
    }

    @Override
    public String toString() {
        return value;
    }
}
