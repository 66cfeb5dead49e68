package ledger.api;

import java.time.Instant;
import java.time.ZoneId;
import ledger.api.SubscriptionEvent.Stated;
import org.jspecify.annotations.Nullable;

/** Everything that can be asked of a subscription. Whether and how it is granted is decided in one table of the domain. */
public sealed interface SubscriptionCommand {

    SubscriptionId subscription();

    /**
     * Starts a subscription at {@code startAt} (null: now; may lie in the past, not in the future) on an offer of the
     * catalogue. {@code anchorDay} (1 to 31) fixes the day of the month of its boundaries; null takes the day it starts on.
     * {@code maxLive} is the product's bound on live subscriptions per customer, null where there is none.
     */
    record Subscribe(
            SubscriptionId subscription,
            CustomerId customer,
            @Nullable Reference reference,
            Offer offer,
            int quantity,
            boolean autoRenew,
            ZoneId zone,
            @Nullable Integer anchorDay,
            int trialDays,
            @Nullable Instant startAt,
            @Nullable Integer maxLive)
            implements SubscriptionCommand {
        public Subscribe {
            requireQuantity(quantity);
            Check.zone(zone);
            Check.between(trialDays, 0, 3660);
            if (anchorDay != null) {
                Check.between(anchorDay, 1, 31);
            }
        }
    }

    /** Ends it now, or at the end of the period that is paid for. */
    record Cancel(
            SubscriptionId subscription,
            When when,
            @Nullable String reason) implements SubscriptionCommand {}

    /** Takes a scheduled cancellation back. */
    record Reinstate(SubscriptionId subscription) implements SubscriptionCommand {}

    /** A person buys the next period in advance, or a new one after expiry. */
    record Renew(SubscriptionId subscription, @Nullable Integer maxLive) implements SubscriptionCommand {}

    /** A person ends what is already over; refused unless it is due. */
    record Expire(SubscriptionId subscription) implements SubscriptionCommand {}

    record SetAutoRenew(SubscriptionId subscription, boolean enabled) implements SubscriptionCommand {}

    /** Moves to another plan, term, or newer version of the same plan. */
    record ChangePlan(SubscriptionId subscription, Offer offer, When when) implements SubscriptionCommand {}

    record WithdrawPlanChange(SubscriptionId subscription) implements SubscriptionCommand {}

    record ChangeQuantity(SubscriptionId subscription, int quantity) implements SubscriptionCommand {
        public ChangeQuantity {
            requireQuantity(quantity);
        }
    }

    record Pause(SubscriptionId subscription, @Nullable Instant resumeAt) implements SubscriptionCommand {}

    record Resume(SubscriptionId subscription) implements SubscriptionCommand {}

    /** Says of an earlier event that it was wrong, and why; settles money, or restates when it happened. */
    record Correct(
            SubscriptionId subscription,
            Stated corrects,
            String reason,
            @Nullable Money credit,
            @Nullable Money charge,
            @Nullable Instant happenedAt)
            implements SubscriptionCommand {}

    /** Time has come: does what is due at the instant of the decision, and nothing when the deadline was early or stale. */
    record Elapse(SubscriptionId subscription) implements SubscriptionCommand {}

    private static void requireQuantity(int quantity) {
        Check.between(quantity, 1, 1_000_000);
    }
}
