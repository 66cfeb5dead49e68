package ledger.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** The name of a plan in addresses, unique within the tenant, such as {@code pro}. */
public record PlanSlug(@JsonValue String value) {
    public PlanSlug {
        Check.slug(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
