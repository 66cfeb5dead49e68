package ledger.query.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import ledger.api.LedgerEvent;
import ledger.api.SubscriptionEvent.Corrected;
import ledger.query.StoredEvent;
import org.jspecify.annotations.Nullable;

/** Which event corrects which, both ways. */
record Corrections(Map<Of, Long> byCorrected) {

    private record Of(UUID stream, long version) {}

    static Corrections of(List<StoredEvent> stored) {
        Map<Of, Long> all = new HashMap<>();
        for (StoredEvent one : stored) {
            Long corrects = madeBy(one.event());
            if (corrects != null) {
                all.put(new Of(one.stream(), corrects), one.version());
            }
        }
        return new Corrections(all);
    }

    /** The version that this event corrects. */
    static @Nullable Long madeBy(LedgerEvent event) {
        return event instanceof Corrected corrected ? corrected.corrects().version() : null;
    }

    /** The version of the event that corrects this one. */
    @Nullable
    Long madeOf(StoredEvent stored) {
        return byCorrected.get(new Of(stored.stream(), stored.version()));
    }
}
