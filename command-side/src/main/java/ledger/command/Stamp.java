package ledger.command;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import ledger.api.Problem;
import ledger.api.TenantId;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;

/** The strings that travel with commands and deadlines, and from them into the metadata of events: who, why, and on whose behalf. */
final class Stamp {

    private static final String TENANT = "tenant";
    private static final String EXPECTED = "expectedVersions";
    private static final String CAUSE = "cause";
    private static final String ACTOR = "actor";

    /** Who acts when time does. */
    private static final String TIME = "time";

    private Stamp() {}

    static MetaData of(Intent intent) {
        MetaData stamp = MetaData.with(TENANT, intent.tenant().value())
                .and(ACTOR, intent.actor())
                .and("correlationId", intent.correlationId())
                .and("causationId", intent.id());
        stamp = intent.key() == null ? stamp : stamp.and("idempotencyKey", intent.key());
        stamp = intent.traceparent() == null ? stamp : stamp.and("traceparent", intent.traceparent());
        return intent.expectedVersions() == null ? stamp : stamp.and(EXPECTED, intent.expectedVersions());
    }

    static MetaData ofTime(TenantId tenant, String id) {
        return MetaData.from(Map.of(TENANT, tenant.value(), ACTOR, TIME, "correlationId", id, "causationId", id));
    }

    static TenantId tenant(MetaData stamp) {
        return new TenantId((String) Objects.requireNonNull(stamp.get(TENANT), "every command has a tenant"));
    }

    /** Refuses a command whose client expects another version. */
    static void requireVersion(MetaData stamp, long version) {
        requireVersion((String) stamp.get(EXPECTED), version);
    }

    /** {@code expected} as an {@link Intent} has it; -1 is the version of what does not exist yet. */
    static void requireVersion(@Nullable String expected, long version) {
        if (expected != null && !List.of(expected.split(",")).contains(Long.toString(version))) {
            throw Problem.VERSION_MISMATCH.because(
                    version < 0 ? "it does not exist yet" : "it is at version %d: \"%1$d\"".formatted(version));
        }
    }

    /** For the events of a command itself. */
    static MetaData by(MetaData stamp, Object command) {
        return stored(stamp).and(CAUSE, "command:" + command.getClass().getSimpleName());
    }

    /** For the events that time caused, even where a command noticed them. */
    static MetaData byTime(MetaData stamp) {
        return stored(stamp).and(ACTOR, TIME).and(CAUSE, "deadline");
    }

    private static MetaData stored(MetaData stamp) {
        return stamp.withoutKeys(Set.of(TENANT, EXPECTED));
    }
}
