package ledger.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** What plans are alternatives of; a plan published without one belongs to {@code default}. */
public record ProductSlug(@JsonValue String value) {
    public ProductSlug {
        Check.slug(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
