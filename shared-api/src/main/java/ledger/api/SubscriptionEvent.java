package ledger.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The life of a subscription. Whatever a reader could later ask "why?" about stands in the event itself: anchor, zone, tzdb
 * version, boundaries, plan version, price, quantity, charge and credit. Derived status and personal data never do.
 */
public sealed interface SubscriptionEvent extends LedgerEvent {

    SubscriptionId subscription();

    /** It starts, with a trial when {@code period} is number 0. {@code maxLive} is the bound under which the claim was granted. */
    @EventType("subscription.subscribed")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Subscribed(
            SubscriptionId subscription,
            Instant at,
            CustomerId customer,
            @Nullable Reference reference,
            PlanRef plan,
            Price price,
            int quantity,
            boolean autoRenew,
            Anchor anchor,
            BillingPeriod period,
            Money charge,
            @Nullable Integer maxLive)
            implements SubscriptionEvent {}

    /** The trial is over: the first paid period starts where it ended, and the anchor is that day. */
    @EventType("subscription.activated")
    record Activated(
            SubscriptionId subscription,
            Instant at,
            PlanRef plan,
            Price price,
            int quantity,
            Anchor anchor,
            BillingPeriod period,
            Money charge)
            implements SubscriptionEvent {}

    /**
     * Another period is bought: at the boundary by deadline, in advance by a person ({@code period} then starts after
     * {@code at}), or from now on after expiry.
     */
    @EventType("subscription.renewed")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Renewed(
            SubscriptionId subscription,
            Instant at,
            PlanRef plan,
            Price price,
            int quantity,
            Anchor anchor,
            BillingPeriod period,
            Money charge,
            @Nullable Integer maxLive)
            implements SubscriptionEvent {}

    /** The boundary to a period that was bought in advance has passed. */
    @EventType("subscription.period-started")
    record PeriodStarted(SubscriptionId subscription, Instant at, BillingPeriod period) implements SubscriptionEvent {}

    /** It will end at {@code endsAt}, unless reinstated. */
    @EventType("subscription.cancellation-scheduled")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CancellationScheduled(
            SubscriptionId subscription,
            Instant at,
            Instant endsAt,
            @Nullable String reason) implements SubscriptionEvent {}

    @EventType("subscription.reinstated")
    record Reinstated(SubscriptionId subscription, Instant at) implements SubscriptionEvent {}

    /** It ended. {@code unused} is the value of what was charged for time after {@code at}; stated, not paid out. */
    @EventType("subscription.canceled")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Canceled(
            SubscriptionId subscription,
            Instant at,
            BillingPeriod period,
            Money unused,
            @Nullable String reason) implements SubscriptionEvent {}

    /** The last bought period ended and nothing renewed it. */
    @EventType("subscription.expired")
    record Expired(SubscriptionId subscription, Instant at, BillingPeriod period) implements SubscriptionEvent {}

    @EventType("subscription.auto-renew-set")
    record AutoRenewSet(SubscriptionId subscription, Instant at, boolean enabled) implements SubscriptionEvent {}

    /**
     * From {@code at} on it is on another plan, version or price. {@code credit} is the unused part of what had been charged,
     * {@code charge} what the rest costs now; {@code current} and {@code ahead} are what is paid for after the change.
     */
    @EventType("subscription.plan-changed")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PlanChanged(
            SubscriptionId subscription,
            Instant at,
            PlanRef plan,
            Price price,
            int quantity,
            Anchor anchor,
            Paid current,
            @Nullable Paid ahead,
            Money credit,
            Money charge)
            implements SubscriptionEvent {}

    /** The next period will be on this plan and price, unless replaced or withdrawn. */
    @EventType("subscription.plan-change-scheduled")
    record PlanChangeScheduled(SubscriptionId subscription, Instant at, PlanRef plan, Price price, Instant effectiveAt)
            implements SubscriptionEvent {}

    @EventType("subscription.plan-change-withdrawn")
    record PlanChangeWithdrawn(SubscriptionId subscription, Instant at) implements SubscriptionEvent {}

    /** Another quantity from {@code at} on; the difference for the rest is either credited or charged. */
    @EventType("subscription.quantity-changed")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record QuantityChanged(
            SubscriptionId subscription,
            Instant at,
            PlanRef plan,
            Price price,
            int quantity,
            Anchor anchor,
            Paid current,
            @Nullable Paid ahead,
            Money credit,
            Money charge)
            implements SubscriptionEvent {}

    /** Its time stands still: no renewals, no limits granted, until resumed by a person or at {@code resumeAt}. */
    @EventType("subscription.paused")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Paused(
            SubscriptionId subscription,
            Instant at,
            @Nullable Instant resumeAt) implements SubscriptionEvent {}

    /** Its time goes on: every boundary is later by the length of the pause, from a new anchor. */
    @EventType("subscription.resumed")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Resumed(
            SubscriptionId subscription,
            Instant at,
            Instant pausedAt,
            Anchor anchor,
            Paid current,
            @Nullable Paid ahead)
            implements SubscriptionEvent {}

    /** What a corrected event stated, for the correction to explain itself: its money is null where it had none. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Stated(
            long version,
            String type,
            Instant at,
            @Nullable Money charge,
            @Nullable Money credit) {

        public static Stated of(SubscriptionEvent event, long version) {
            String type = EventTypes.of(event.getClass()).value();
            return new Stated(version, type, event.at(), event.charged(), event.credited());
        }
    }

    /**
     * An earlier event was wrong, for this reason. {@code credit} or {@code charge} settles what that came to, and {@code happenedAt} is
     * when it really took place; each is zero or null where that was right. The life goes on as it was, and so do later prorations.
     */
    @EventType("subscription.corrected")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Corrected(
            SubscriptionId subscription,
            Instant at,
            Stated corrects,
            String reason,
            Money credit,
            Money charge,
            @Nullable Instant happenedAt)
            implements SubscriptionEvent {}

    /** What it charged; null where it is not about money. */
    default @Nullable Money charged() {
        return switch (this) {
            case Subscribed e -> e.charge();
            case Activated e -> e.charge();
            case Renewed e -> e.charge();
            case PlanChanged e -> e.charge();
            case QuantityChanged e -> e.charge();
            case Corrected e -> e.charge();
            case PeriodStarted _, CancellationScheduled _, Reinstated _, Canceled _, Expired _ -> null;
            case AutoRenewSet _, PlanChangeScheduled _, PlanChangeWithdrawn _, Paused _, Resumed _ -> null;
        };
    }

    /** What it credited; null where it is not about that. */
    default @Nullable Money credited() {
        return switch (this) {
            case PlanChanged e -> e.credit();
            case QuantityChanged e -> e.credit();
            case Corrected e -> e.credit();
            case Canceled _ -> null; // the value of the unused time is stated, not paid out
            case Subscribed _, Activated _, Renewed _, PeriodStarted _, CancellationScheduled _, Reinstated _ -> null;
            case Expired _, AutoRenewSet _, PlanChangeScheduled _, PlanChangeWithdrawn _, Paused _, Resumed _ -> null;
        };
    }
}
