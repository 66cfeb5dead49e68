package ledger.command.domain;

import java.time.Instant;
import ledger.api.Anchor;
import ledger.api.BillingPeriod;
import ledger.api.Money;
import ledger.api.Offer;
import ledger.api.Paid;
import ledger.api.Price;
import ledger.api.SubscriptionCommand.Renew;
import ledger.api.SubscriptionCommand.Subscribe;
import ledger.api.SubscriptionEvent.Canceled;
import ledger.api.SubscriptionEvent.PlanChanged;
import ledger.api.SubscriptionEvent.QuantityChanged;
import ledger.api.SubscriptionEvent.Renewed;
import ledger.api.SubscriptionEvent.Subscribed;
import ledger.command.domain.Contract.Billing;
import ledger.command.domain.Contract.Deal;
import ledger.command.domain.SubscriptionState.Ended;
import ledger.command.domain.SubscriptionState.Live;
import ledger.command.domain.SubscriptionState.Running;
import org.jspecify.annotations.Nullable;

/** What a person's command buys, credits and charges: all the money there is, by share of time, from what was charged. */
final class Purchase {

    private Purchase() {}

    static Subscribed subscribe(Subscribe c, Instant now) {
        Instant start = c.startAt() == null ? now : c.startAt();
        Price price = c.offer().price();
        Anchor fromStart = Anchor.at(start, c.zone(), price.term());
        BillingPeriod trial = c.trialDays() > 0 ? fromStart.trial(start, c.trialDays()) : null;
        // With a trial the anchor is the day on which it ends.
        Anchor natural = fromStart.plusDays(c.trialDays());
        Anchor anchor = c.anchorDay() == null ? natural : natural.onDay(c.anchorDay());
        BillingPeriod period = trial == null ? anchor.firstPeriod(start) : trial;
        // Refuses at once what could not be charged later.
        Money whole = price.forQuantity(c.quantity());
        Money charge = trial == null ? Proration.whole(anchor, period, whole) : Money.zero(whole.currency());
        return new Subscribed(
                c.subscription(),
                start,
                c.customer(),
                c.reference(),
                c.offer().plan(),
                price,
                c.quantity(),
                c.autoRenew(),
                anchor,
                period,
                charge,
                c.maxLive());
    }

    /** The next period, in advance. */
    static Renewed renew(Running s, Instant now) {
        Upcoming next = Upcoming.of(s.contract());
        // Refuses what could not be credited together later.
        s.contract().billing().current().amount().plus(next.charge());
        return next.renewed(s.contract(), now);
    }

    /** A new first period from now on, on the plan and price that it had. */
    static Renewed revive(Ended s, Renew c, Instant now) {
        Contract contract = s.contract();
        Offer offer = contract.deal().offer();
        Anchor old = contract.billing().anchor();
        Anchor anchor = Anchor.at(now, old.zone(), offer.price().term());
        BillingPeriod period =
                anchor.period(contract.billing().current().period().number() + 1, now);
        return new Renewed(
                c.subscription(),
                now,
                offer.plan(),
                offer.price(),
                contract.deal().quantity(),
                anchor,
                period,
                offer.price().forQuantity(contract.deal().quantity()),
                c.maxLive());
    }

    static Canceled cancel(Live s, @Nullable String reason, Instant now) {
        Billing billing = s.contract().billing();
        return new Canceled(
                s.contract().id(), now, billing.current().period(), unused(billing, s.usedUntil(now)), reason);
    }

    static PlanChanged changePlan(Live s, Offer offer, Instant now) {
        Contract contract = s.contract();
        Billing billing = contract.billing();
        Instant used = s.usedUntil(now);
        int quantity = contract.deal().quantity();
        Contract wanted =
                contract.with(new Deal(offer, quantity)).with(contract.wishes().nextOffer(null));
        boolean sameTerm =
                offer.price().term().equals(contract.deal().offer().price().term());
        Billing after = sameTerm ? repriced(contract, wanted, used) : restarted(billing, used, offer, quantity);
        return new PlanChanged(
                contract.id(),
                now,
                offer.plan(),
                offer.price(),
                quantity,
                after.anchor(),
                after.current(),
                after.ahead(),
                unused(billing, used),
                unused(after, used));
    }

    static QuantityChanged changeQuantity(Live s, int quantity, Instant now) {
        Contract contract = s.contract();
        Billing billing = contract.billing();
        Instant used = s.usedUntil(now);
        Offer offer = contract.deal().offer();
        Billing after = repriced(contract, contract.with(new Deal(offer, quantity)), used);
        Money credit = unused(billing, used);
        Money charge = unused(after, used);
        return new QuantityChanged(
                contract.id(),
                now,
                offer.plan(),
                offer.price(),
                quantity,
                after.anchor(),
                after.current(),
                after.ahead(),
                credit.minusDownToZero(charge),
                charge.minusDownToZero(credit));
    }

    /** The same current period, with its rest at the price that is wanted, and the next one as it is wanted, where it is bought. */
    private static Billing repriced(Contract contract, Contract wanted, Instant used) {
        Billing billing = contract.billing();
        Paid current = billing.current();
        Money price = wanted.deal().price();
        boolean free = current.period().isTrial();
        boolean same = price.equals(contract.deal().price());
        Paid rest = free || same ? current : new Paid(current.period(), used, Proration.rest(contract, used, price));
        // Refuses also what could not be charged later.
        Upcoming next = Upcoming.of(wanted);
        return billing.ahead() == null
                ? new Billing(billing.anchor(), rest, null)
                : new Billing(next.anchor(), rest, Paid.whole(next.period(), next.charge()));
    }

    /** Another term: a trial goes on to its end; otherwise a new anchor and a new period from now on, and nothing in advance. */
    private static Billing restarted(Billing billing, Instant used, Offer offer, int quantity) {
        Money whole = offer.price().forQuantity(quantity);
        BillingPeriod period = billing.current().period();
        if (period.isTrial()) {
            return new Billing(billing.anchor().withTerm(offer.price().term()), billing.current(), null);
        }
        Anchor anchor = Anchor.at(used, billing.anchor().zone(), offer.price().term());
        return new Billing(anchor, Paid.whole(anchor.period(period.number() + 1, used), whole), null);
    }

    private static Money unused(Billing billing, Instant used) {
        Money current = billing.current().unusedAt(used);
        return billing.ahead() == null ? current : current.plus(billing.ahead().amount());
    }
}
