package ledger.command.domain;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import ledger.api.Anchor;
import ledger.api.Offer;
import ledger.api.SubscriptionCommand;
import ledger.api.SubscriptionCommand.Cancel;
import ledger.api.SubscriptionCommand.ChangePlan;
import ledger.api.SubscriptionCommand.ChangeQuantity;
import ledger.api.SubscriptionCommand.Correct;
import ledger.api.SubscriptionCommand.Elapse;
import ledger.api.SubscriptionCommand.Pause;
import ledger.api.SubscriptionCommand.Reinstate;
import ledger.api.SubscriptionCommand.Renew;
import ledger.api.SubscriptionCommand.Resume;
import ledger.api.SubscriptionCommand.SetAutoRenew;
import ledger.api.SubscriptionCommand.Subscribe;
import ledger.api.SubscriptionCommand.WithdrawPlanChange;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.Activated;
import ledger.api.SubscriptionEvent.AutoRenewSet;
import ledger.api.SubscriptionEvent.Canceled;
import ledger.api.SubscriptionEvent.CancellationScheduled;
import ledger.api.SubscriptionEvent.Corrected;
import ledger.api.SubscriptionEvent.Expired;
import ledger.api.SubscriptionEvent.Paused;
import ledger.api.SubscriptionEvent.PeriodStarted;
import ledger.api.SubscriptionEvent.PlanChangeScheduled;
import ledger.api.SubscriptionEvent.PlanChangeWithdrawn;
import ledger.api.SubscriptionEvent.PlanChanged;
import ledger.api.SubscriptionEvent.QuantityChanged;
import ledger.api.SubscriptionEvent.Reinstated;
import ledger.api.SubscriptionEvent.Renewed;
import ledger.api.SubscriptionEvent.Resumed;
import ledger.api.SubscriptionEvent.Subscribed;
import ledger.api.When;
import ledger.command.domain.Contract.Billing;
import ledger.command.domain.SubscriptionState.Known;
import ledger.command.domain.SubscriptionState.Live;
import ledger.command.domain.SubscriptionState.Unborn;
import ledger.command.domain.WhatIf.Said;

/** Hears from a history what was said, by people and by time: events do not keep their commands, but each tells what it was. */
final class Hearing {

    private final List<SubscriptionEvent> history;
    private final List<Said> said = new ArrayList<>();
    private SubscriptionState state = new Unborn();
    private int next;

    private Hearing(List<SubscriptionEvent> history) {
        this.history = history;
    }

    static List<Said> of(List<SubscriptionEvent> history) {
        Hearing hearing = new Hearing(history);
        while (hearing.next < history.size()) {
            hearing.hear();
        }
        return hearing.said;
    }

    private void hear() {
        SubscriptionEvent event = history.get(next);
        int byTime = stepOfTime();
        boolean renewsOnOtherPlan = byTime == 0 && event instanceof PlanChanged change && renews(change);
        int step = byTime > 0 ? byTime : renewsOnOtherPlan ? 2 : 1;
        SubscriptionEvent told = renewsOnOtherPlan ? history.get(next + 1) : event;
        said.add(new Said(event.at(), byTime > 0 ? new Elapse(event.subscription()) : command(told)));
        state = Evolve.evolve(state, history.subList(next, next + step));
        next += step;
    }

    /** How many of the next events are what was due at their time; 0 where a person acted. */
    private int stepOfTime() {
        return state instanceof Live live
                ? Due.next(state)
                        .filter(due -> due.at().equals(history.get(next).at()))
                        .map(due -> Boundary.reach(live, due))
                        .filter(this::follows)
                        .map(List::size)
                        .orElse(0)
                : 0;
    }

    /** What was decided with another time zone database says so: then only the kinds of the events must be the same. */
    private boolean follows(List<SubscriptionEvent> step) {
        if (next + step.size() > history.size()) {
            return false;
        }
        List<SubscriptionEvent> was = history.subList(next, next + step.size());
        return step.equals(was)
                || (kinds(step).equals(kinds(was)) && !tzdb(step).equals(tzdb(was)));
    }

    private static List<Class<?>> kinds(List<SubscriptionEvent> events) {
        return events.stream().<Class<?>>map(Object::getClass).toList();
    }

    private String tzdb(List<SubscriptionEvent> events) {
        Billing billing = ((Known) Evolve.evolve(state, events)).contract().billing();
        return (billing.ahead() == null ? billing.current() : billing.ahead())
                .period()
                .tzdb();
    }

    /** Whether it comes of renewing by hand at the very boundary, with a plan change scheduled: what is paid for stays. */
    private boolean renews(PlanChanged change) {
        return state instanceof Live live
                && !live.contract().wishes().autoRenew()
                && offer(change).equals(live.contract().wishes().nextOffer())
                && change.current().equals(live.contract().billing().current())
                && next + 1 < history.size()
                && history.get(next + 1).at().equals(change.at())
                && (history.get(next + 1) instanceof Renewed || history.get(next + 1) instanceof Activated);
    }

    private static SubscriptionCommand command(SubscriptionEvent event) {
        return switch (event) {
            case Subscribed e -> subscribe(e);
            case Activated e -> new Renew(e.subscription(), null);
            case Renewed e -> new Renew(e.subscription(), e.maxLive());
            case CancellationScheduled e -> new Cancel(e.subscription(), When.PERIOD_END, e.reason());
            case Reinstated e -> new Reinstate(e.subscription());
            case Canceled e -> new Cancel(e.subscription(), When.NOW, e.reason());
            case AutoRenewSet e -> new SetAutoRenew(e.subscription(), e.enabled());
            case PlanChanged e -> new ChangePlan(e.subscription(), offer(e), When.NOW);
            case PlanChangeScheduled e ->
                new ChangePlan(e.subscription(), new Offer(e.plan(), e.price()), When.PERIOD_END);
            case PlanChangeWithdrawn e -> new WithdrawPlanChange(e.subscription());
            case QuantityChanged e -> new ChangeQuantity(e.subscription(), e.quantity());
            case Paused e -> new Pause(e.subscription(), e.resumeAt());
            case Resumed e -> new Resume(e.subscription());
            case Corrected e ->
                new Correct(e.subscription(), e.corrects(), e.reason(), e.credit(), e.charge(), e.happenedAt());
            case PeriodStarted e -> new Elapse(e.subscription());
            case Expired e -> new Elapse(e.subscription());
        };
    }

    /** At its own start; a day of the month that is not the natural one was asked for. */
    private static Subscribe subscribe(Subscribed e) {
        ZoneId zone = e.anchor().zone();
        LocalDate start = e.at().atZone(zone).toLocalDate();
        LocalDate trialEnd = e.period().end().atZone(zone).toLocalDate();
        int trialDays = e.period().isTrial() ? (int) ChronoUnit.DAYS.between(start, trialEnd) : 0;
        Anchor natural = Anchor.at(e.at(), zone, e.price().term()).plusDays(trialDays);
        return new Subscribe(
                e.subscription(),
                e.customer(),
                e.reference(),
                new Offer(e.plan(), e.price()),
                e.quantity(),
                e.autoRenew(),
                zone,
                e.anchor().dayOfMonth() == natural.dayOfMonth()
                        ? null
                        : e.anchor().dayOfMonth(),
                trialDays,
                null,
                e.maxLive());
    }

    private static Offer offer(PlanChanged e) {
        return new Offer(e.plan(), e.price());
    }
}
