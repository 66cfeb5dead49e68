package ledger.command.domain;

import java.time.Instant;
import ledger.api.Anchor;
import ledger.api.BillingPeriod;
import ledger.api.Money;
import ledger.api.Offer;
import ledger.api.SubscriptionEvent.Renewed;
import ledger.command.domain.Contract.Billing;

/** The next period as it would be bought: on the scheduled offer where there is one, otherwise as the current one. */
record Upcoming(Offer offer, Anchor anchor, BillingPeriod period, Money charge) {

    static Upcoming of(Contract contract) {
        Offer next = contract.wishes().nextOffer();
        Offer offer = next == null ? contract.deal().offer() : next;
        Anchor anchor = anchor(contract.billing(), offer);
        BillingPeriod period = anchor.after(contract.billing().current().period());
        Money whole = offer.price().forQuantity(contract.deal().quantity());
        return new Upcoming(offer, anchor, period, Proration.whole(anchor, period, whole));
    }

    Renewed renewed(Contract contract, Instant at) {
        return new Renewed(
                contract.id(),
                at,
                offer.plan(),
                offer.price(),
                contract.deal().quantity(),
                anchor,
                period,
                charge,
                null);
    }

    /** Another term goes on from where the current period ends; the anchor of a trial does that already. */
    private static Anchor anchor(Billing billing, Offer offer) {
        Anchor anchor = billing.anchor();
        BillingPeriod current = billing.current().period();
        if (offer.price().term().equals(anchor.term())) {
            return anchor;
        }
        return current.isTrial()
                ? anchor.withTerm(offer.price().term())
                : anchor.movedTo(current.end(), offer.price().term());
    }
}
