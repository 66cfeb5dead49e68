package ledger.command.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import ledger.api.Anchor;
import ledger.api.BillingPeriod;
import ledger.api.Money;
import ledger.api.Paid;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.Activated;
import ledger.api.SubscriptionEvent.Canceled;
import ledger.api.SubscriptionEvent.Expired;
import ledger.api.SubscriptionEvent.PeriodStarted;
import ledger.api.SubscriptionEvent.PlanChanged;
import ledger.api.SubscriptionEvent.Resumed;
import ledger.command.domain.Contract.Billing;
import ledger.command.domain.Contract.Cancellation;
import ledger.command.domain.SubscriptionState.Live;
import ledger.command.domain.SubscriptionState.Paused;

/** What time does: the events of a deadline, effective at the deadline however late it is noticed. */
final class Boundary {

    private Boundary() {}

    static List<SubscriptionEvent> reach(Live s, Due due) {
        Contract c = s.contract();
        BillingPeriod period = c.billing().current().period();
        return switch (due.what()) {
            case TRIAL_END, RENEWAL -> nextPeriod(c, due.at());
            case PERIOD_START -> afterPlanChange(c, new PeriodStarted(c.id(), due.at(), ahead(c).period()));
            case EXPIRY -> List.of(new Expired(c.id(), due.at(), period));
            case CANCELLATION -> List.of(canceled(c, due.at()));
            case RESUMPTION -> List.of(resume((Paused) s, due.at()));
        };
    }

    /** The next period, bought at the boundary to it. */
    static List<SubscriptionEvent> nextPeriod(Contract c, Instant at) {
        Upcoming next = Upcoming.of(c);
        boolean trial = c.billing().current().period().isTrial();
        return afterPlanChange(c, trial ? activated(c, next, at) : next.renewed(c, at));
    }

    /** Everything that lies ahead moves by the length of the pause, and later boundaries are computed from there. */
    static Resumed resume(Paused s, Instant now) {
        Billing billing = s.contract().billing();
        Duration pause = Duration.between(s.since(), now);
        BillingPeriod old = billing.current().period();
        // Later than the end of the period only in a trial whose first paid period is a shorter one.
        Instant boundary = billing.anchor().boundaryFrom(old.end());
        Anchor anchor =
                billing.anchor().movedTo(boundary.plus(pause), billing.anchor().term());
        BillingPeriod period =
                new BillingPeriod(old.number(), old.start(), old.end().plus(pause), old.tzdb());
        BillingPeriod next = boundary.equals(old.end())
                ? anchor.after(period)
                : new BillingPeriod(period.number() + 1, period.end(), boundary.plus(pause), old.tzdb());
        Paid current = new Paid(
                period, billing.current().from().plus(pause), billing.current().amount());
        Paid ahead = billing.ahead() == null
                ? null
                : Paid.whole(next, billing.ahead().amount());
        return new Resumed(s.contract().id(), now, s.since(), anchor, current, ahead);
    }

    private static List<SubscriptionEvent> afterPlanChange(Contract c, SubscriptionEvent event) {
        List<SubscriptionEvent> events = new ArrayList<>(2);
        if (c.wishes().nextOffer() != null) {
            events.add(planChanged(c, event.at()));
        }
        events.add(event);
        return events;
    }

    private static PlanChanged planChanged(Contract c, Instant at) {
        Upcoming next = Upcoming.of(c);
        Money nothing = Money.zero(next.charge().currency());
        Billing billing = c.billing();
        return new PlanChanged(
                c.id(),
                at,
                next.offer().plan(),
                next.offer().price(),
                c.deal().quantity(),
                billing.ahead() == null ? next.anchor() : billing.anchor(),
                billing.current(),
                billing.ahead(),
                nothing,
                nothing);
    }

    private static Activated activated(Contract c, Upcoming next, Instant at) {
        return new Activated(
                c.id(),
                at,
                next.offer().plan(),
                next.offer().price(),
                c.deal().quantity(),
                next.anchor(),
                next.period(),
                next.charge());
    }

    private static Canceled canceled(Contract c, Instant at) {
        Cancellation scheduled = c.wishes().cancellation();
        Paid current = c.billing().current();
        return new Canceled(
                c.id(),
                at,
                current.period(),
                Money.zero(current.amount().currency()),
                scheduled == null ? null : scheduled.reason());
    }

    private static Paid ahead(Contract c) {
        return Objects.requireNonNull(c.billing().ahead(), "PERIOD_START is due only where a period is bought ahead");
    }
}
