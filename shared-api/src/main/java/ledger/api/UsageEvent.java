package ledger.api;

import java.time.Instant;

/** What a subscription has used of a metric. Kept in streams of its own, so that a subscription's own stream stays short. */
public sealed interface UsageEvent extends LedgerEvent {

    SubscriptionId subscription();

    Metric metric();

    /**
     * {@code quantity} was used, or given back where it is negative, and {@code used} is the sum since: in {@code period} for a limit
     * per period, held at {@code at} for an allocation. {@code limit} is that of the plan version which held at {@code at}; a
     * {@code SOFT} one may be exceeded.
     */
    @EventType("usage.recorded")
    record Recorded(
            SubscriptionId subscription,
            Instant at,
            Metric metric,
            PlanRef plan,
            Limit limit,
            BillingPeriod period,
            long quantity,
            long used)
            implements UsageEvent {}
}
