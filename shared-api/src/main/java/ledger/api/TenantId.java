package ledger.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** The company whose customers subscribe; every event, claim, row and query belongs to exactly one. */
public record TenantId(@JsonValue String value) {
    public TenantId {
        Check.slug(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
