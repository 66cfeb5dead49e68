package ledger.query.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import ledger.api.AuditEvent;
import ledger.api.LedgerEvent;
import ledger.api.PlanEvent;
import ledger.api.PlanView;
import ledger.api.ProductEvent;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.Corrected;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.api.UsageEvent;
import ledger.query.EventReader;
import ledger.query.StoredEvent;
import ledger.query.plan.PlanFold;
import ledger.query.subscription.SubscriptionFold;
import org.jspecify.annotations.Nullable;

/** Tells event after event what it changed, by the folds of the live views. Reads what came before the first of each stream. */
final class Telling {

    private final TenantId tenant;
    private final EventReader events;
    private final Corrections corrections;
    private final Map<UUID, Object> views = new HashMap<>();

    Telling(TenantId tenant, List<UUID> streams, EventReader events) {
        this.tenant = tenant;
        this.events = events;
        this.corrections = Corrections.of(events.ofType(tenant, streams, Corrected.class));
    }

    HistoryEntry next(StoredEvent stored) {
        LedgerEvent event = stored.event();
        Object before = views.containsKey(stored.stream()) ? views.get(stored.stream()) : viewBefore(stored);
        Object after = fold(before, event, stored.version());
        views.put(stored.stream(), after);
        return HistoryEntry.of(stored, corrections, before, after);
    }

    private @Nullable Object viewBefore(StoredEvent first) {
        Object view = null;
        if (first.version() > 0) {
            for (StoredEvent earlier : events.before(tenant, first.stream(), first.version())) {
                view = fold(view, earlier.event(), earlier.version());
            }
        }
        return view;
    }

    private static Object fold(@Nullable Object view, LedgerEvent event, long version) {
        return switch (event) {
            case SubscriptionEvent e -> SubscriptionFold.fold((SubscriptionView) view, e, version);
            case PlanEvent e -> PlanFold.fold((PlanView) view, e, version);
            case ProductEvent _, UsageEvent _, AuditEvent _ ->
                throw new IllegalArgumentException("there is no history of a " + event.getClass());
        };
    }
}
