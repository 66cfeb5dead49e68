package ledger.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a limit counts, such as {@code api-calls}. */
public record Metric(@JsonValue String value) {
    public Metric {
        Check.slug(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
