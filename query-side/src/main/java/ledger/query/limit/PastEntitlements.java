package ledger.query.limit;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static java.util.stream.Collectors.toMap;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import ledger.api.BillingPeriod;
import ledger.api.CustomerId;
import ledger.api.Limit;
import ledger.api.StreamIds;
import ledger.api.SubscriptionId;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.api.UsageEvent;
import ledger.query.Moment;
import ledger.query.Past;
import ledger.query.Past.Happened;
import ledger.query.limit.Entitlement.Counter;
import ledger.query.subscription.PastSubscriptions;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What was granted at a moment, and used by then of what counted at it: as the events say, not the views. */
@Component
class PastEntitlements {

    private final PastSubscriptions subscriptions;
    private final Entitlements entitlements;
    private final Past past;

    PastEntitlements(PastSubscriptions subscriptions, Entitlements entitlements, Past past) {
        this.subscriptions = subscriptions;
        this.entitlements = entitlements;
        this.past = past;
    }

    /** As {@code owner} may see it, if that is not null. */
    Optional<Entitlement> of(TenantId tenant, @Nullable CustomerId owner, SubscriptionId subscription, Moment moment) {
        return subscriptions
                .one(tenant, subscription.value(), moment)
                .filter(view -> owner == null || owner.equals(view.customerId()))
                .map(view -> entitlement(tenant, view, moment));
    }

    /** Those of the subscriptions that the customer had live then. */
    List<Entitlement> of(TenantId tenant, CustomerId customer, Moment moment) {
        return subscriptions.of(tenant, customer, moment).stream()
                .filter(view -> view.status().isLive())
                .map(view -> entitlement(tenant, view, moment))
                .toList();
    }

    private Entitlement entitlement(TenantId tenant, SubscriptionView view, Moment moment) {
        BillingPeriod period = Counters.current(view, moment.at());
        List<Limit> limits = entitlements.limits(tenant, view);
        Map<UUID, Counter> counters = limits.stream()
                .collect(toMap(
                        limit -> StreamIds.usage(tenant, view.subscriptionId(), limit, period),
                        limit -> new Counter(limit.metric(), Counters.number(limit, period))));
        // The sum that an event states counts what was recorded before it, also where that was used later.
        Map<Counter, Long> used = past.events(tenant, counters.keySet(), moment).stream()
                .collect(groupingBy(
                        usage -> Objects.requireNonNull(counters.get(usage.stream())),
                        summingLong(PastEntitlements::quantity)));
        return new Entitlement(view, limits, used);
    }

    private static long quantity(Happened stored) {
        return switch ((UsageEvent) stored.event()) {
            case UsageEvent.Recorded usage -> usage.quantity();
        };
    }
}
