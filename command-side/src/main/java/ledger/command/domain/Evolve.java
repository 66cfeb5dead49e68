package ledger.command.domain;

import java.time.Instant;
import ledger.api.Anchor;
import ledger.api.Offer;
import ledger.api.Paid;
import ledger.api.PlanRef;
import ledger.api.Price;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.Activated;
import ledger.api.SubscriptionEvent.AutoRenewSet;
import ledger.api.SubscriptionEvent.Canceled;
import ledger.api.SubscriptionEvent.CancellationScheduled;
import ledger.api.SubscriptionEvent.Corrected;
import ledger.api.SubscriptionEvent.Expired;
import ledger.api.SubscriptionEvent.PeriodStarted;
import ledger.api.SubscriptionEvent.PlanChangeScheduled;
import ledger.api.SubscriptionEvent.PlanChangeWithdrawn;
import ledger.api.SubscriptionEvent.PlanChanged;
import ledger.api.SubscriptionEvent.QuantityChanged;
import ledger.api.SubscriptionEvent.Reinstated;
import ledger.api.SubscriptionEvent.Renewed;
import ledger.api.SubscriptionEvent.Resumed;
import ledger.api.SubscriptionEvent.Subscribed;
import ledger.command.domain.Contract.Billing;
import ledger.command.domain.Contract.Cancellation;
import ledger.command.domain.Contract.Deal;
import ledger.command.domain.Contract.Holder;
import ledger.command.domain.Contract.Wishes;
import ledger.command.domain.SubscriptionState.Ended;
import ledger.command.domain.SubscriptionState.Ending;
import ledger.command.domain.SubscriptionState.Known;
import ledger.command.domain.SubscriptionState.Live;
import ledger.command.domain.SubscriptionState.Paused;
import org.jspecify.annotations.Nullable;

/** How an event changes the state. It believes: what is stored has happened. */
public final class Evolve {

    private Evolve() {}

    public static SubscriptionState evolve(SubscriptionState state, Iterable<? extends SubscriptionEvent> events) {
        SubscriptionState evolved = state;
        for (SubscriptionEvent event : events) {
            evolved = evolve(evolved, event);
        }
        return evolved;
    }

    public static SubscriptionState evolve(SubscriptionState state, SubscriptionEvent event) {
        Known evolved = event instanceof Subscribed subscribed ? born(subscribed) : next((Known) state, event);
        return evolved.with(evolved.contract().settled(event));
    }

    private static Known born(Subscribed e) {
        return SubscriptionState.running(new Contract(
                new Holder(e.subscription(), e.customer(), e.reference(), e.at()),
                deal(e.plan(), e.price(), e.quantity()),
                new Billing(e.anchor(), Paid.whole(e.period(), e.charge()), null),
                new Wishes(e.autoRenew(), null, null)));
    }

    private static Known next(Known state, SubscriptionEvent event) {
        Contract c = state.contract();
        Wishes wishes = c.wishes();
        return switch (event) {
            case Subscribed e -> born(e);
            case Activated e ->
                SubscriptionState.running(
                        c.with(new Billing(e.anchor(), whole(e), null)).renewed(e.at()));
            case Renewed e -> renewed(state, e);
            case PeriodStarted _ -> SubscriptionState.running(c.with(entered(c.billing())));
            case CancellationScheduled e -> kept(state, wishes.cancellation(new Cancellation(e.reason())));
            case Reinstated _ -> kept(state, wishes.cancellation(null));
            case Canceled e -> ended(c, Ending.CANCELED, e.at(), e);
            case Expired e -> ended(c, Ending.EXPIRED, e.at(), e);
            case AutoRenewSet e -> kept(state, wishes.autoRenew(e.enabled()));
            case PlanChanged e -> changed(state, deal(e.plan(), e.price(), e.quantity()), e);
            case PlanChangeScheduled e -> kept(state, wishes.nextOffer(new Offer(e.plan(), e.price())));
            case PlanChangeWithdrawn _ -> kept(state, wishes.nextOffer(null));
            case QuantityChanged e -> changed(state, deal(e.plan(), e.price(), e.quantity()), e);
            case Corrected e -> state.with(c.with(e));
            case SubscriptionEvent.Paused e -> new Paused(c, e.at(), e.resumeAt());
            case Resumed e ->
                SubscriptionState.running(c.with(new Billing(e.anchor(), e.current(), e.ahead(), Proration.term(c))));
        };
    }

    private static Known renewed(Known state, Renewed e) {
        Contract c = state.contract().renewed(e.at());
        Paid bought = Paid.whole(e.period(), e.charge());
        return e.period().start().isAfter(e.at())
                ? ((Live) state)
                        .with(c.with(
                                rebilled(c.billing(), e.anchor(), c.billing().current(), bought)))
                : SubscriptionState.running(c.with(new Billing(e.anchor(), bought, null)));
    }

    private static Billing entered(Billing billing) {
        return new Billing(billing.anchor(), billing.ahead() == null ? billing.current() : billing.ahead(), null);
    }

    private static Paid whole(Activated e) {
        return Paid.whole(e.period(), e.charge());
    }

    private static Known changed(Known state, Deal deal, PlanChanged e) {
        Contract c = state.contract()
                .with(deal)
                .with(rebilled(state.contract().billing(), e.anchor(), e.current(), e.ahead()));
        return ((Live) state).with(c.with(c.wishes().nextOffer(null)).notRenewed());
    }

    private static Known changed(Known state, Deal deal, QuantityChanged e) {
        return ((Live) state)
                .with(state.contract()
                        .with(deal)
                        .with(rebilled(state.contract().billing(), e.anchor(), e.current(), e.ahead())));
    }

    /** A pause stays in the memory of the period that it was in. */
    private static Billing rebilled(Billing old, Anchor anchor, Paid current, @Nullable Paid ahead) {
        boolean samePeriod = current.period().number() == old.current().period().number();
        return new Billing(anchor, current, ahead, samePeriod ? old.term() : null);
    }

    private static Known kept(Known state, Wishes wishes) {
        return ((Live) state).with(state.contract().with(wishes));
    }

    /** Whatever was wished for a later boundary ends with the subscription; auto-renew stays as the customer left it. */
    private static Ended ended(Contract c, Ending ending, Instant at, SubscriptionEvent e) {
        String reason = e instanceof Canceled canceled ? canceled.reason() : null;
        Billing billing = new Billing(c.billing().anchor(), c.billing().current(), null);
        return new Ended(c.with(billing).with(new Wishes(c.wishes().autoRenew(), null, null)), ending, at, reason);
    }

    private static Deal deal(PlanRef plan, Price price, int quantity) {
        return new Deal(new Offer(plan, price), quantity);
    }
}
