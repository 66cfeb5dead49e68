package ledger.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The name of a plan in addresses, unique within the tenant, such as {@code pro}. */
public record PlanSlug(@JsonValue String value) {
    public PlanSlug {
        Check.slug(value);
    }

    /** The id of the plan's stream: a slug is unique in its tenant because its stream is. */
    public UUID streamIn(TenantId tenant) {
        return UUID.nameUUIDFromBytes((tenant + "/plan/" + value).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return value;
    }
}
