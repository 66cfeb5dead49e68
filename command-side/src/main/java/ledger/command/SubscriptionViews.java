package ledger.command;

import java.time.Instant;
import ledger.api.Offer;
import ledger.api.Paid;
import ledger.api.SubscriptionStatus;
import ledger.api.SubscriptionView;
import ledger.api.SubscriptionView.PlanChangeView;
import ledger.command.domain.Contract;
import ledger.command.domain.Contract.Billing;
import ledger.command.domain.Contract.Cancellation;
import ledger.command.domain.SubscriptionState.Active;
import ledger.command.domain.SubscriptionState.Ended;
import ledger.command.domain.SubscriptionState.Ending;
import ledger.command.domain.SubscriptionState.Known;
import ledger.command.domain.SubscriptionState.Paused;
import ledger.command.domain.SubscriptionState.Running;
import ledger.command.domain.SubscriptionState.Trialing;
import org.jspecify.annotations.Nullable;

/** A decided state as its readers see it: what the query side will fold from the same events. */
final class SubscriptionViews {

    private SubscriptionViews() {}

    static SubscriptionView of(Known state, long version) {
        Contract c = state.contract();
        Billing billing = c.billing();
        Offer offer = c.deal().offer();
        Offer next = c.wishes().nextOffer();
        Cancellation cancellation = c.wishes().cancellation();
        Paused paused = state instanceof Paused p ? p : null;
        Ended ended = state instanceof Ended e ? e : null;
        boolean renews = c.wishes().autoRenew() && cancellation == null;
        return new SubscriptionView(
                c.id(),
                c.holder().reference(),
                c.holder().customer(),
                offer.plan().slug(),
                offer.plan().version(),
                offer.plan().product(),
                status(state),
                c.deal().quantity(),
                offer.price(),
                c.holder().startedAt(),
                billing.current().period(),
                billing.ahead() instanceof Paid ahead ? ahead.period() : null,
                c.wishes().autoRenew(),
                cancellation != null,
                ended != null ? ended.reason() : cancellation != null ? cancellation.reason() : null,
                billing.anchor(),
                next == null
                        ? null
                        : new PlanChangeView(next.plan().slug(), next.plan().version(), next.price()),
                paused == null ? null : paused.since(),
                paused == null ? null : paused.resumeAt(),
                ended == null ? null : ended.at(),
                boundary(state, renews),
                boundary(state, !renews),
                version);
    }

    private static @Nullable Instant boundary(Known state, boolean applies) {
        return applies && state instanceof Running running
                ? running.contract().billing().paidThrough()
                : null;
    }

    private static SubscriptionStatus status(Known state) {
        return switch (state) {
            case Trialing _ -> SubscriptionStatus.TRIALING;
            case Active _ -> SubscriptionStatus.ACTIVE;
            case Paused _ -> SubscriptionStatus.PAUSED;
            case Ended ended when ended.ending() == Ending.CANCELED -> SubscriptionStatus.CANCELED;
            case Ended _ -> SubscriptionStatus.EXPIRED;
        };
    }
}
