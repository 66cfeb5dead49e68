package ledger.api;

import java.time.Instant;

/** Everything that can be asked of a metered subscription. */
public sealed interface UsageCommand {

    SubscriptionId subscription();

    /**
     * Counts {@code quantity} at {@code at}; a negative one gives back. {@code limit} and {@code period} are what the subscription had at
     * that time.
     */
    record RecordUsage(
            SubscriptionId subscription,
            Metric metric,
            PlanRef plan,
            Limit limit,
            BillingPeriod period,
            long quantity,
            Instant at)
            implements UsageCommand {}
}
