package ledger.command.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import ledger.api.Anchor;
import ledger.api.Problem;
import ledger.api.SubscriptionCommand;
import ledger.api.SubscriptionCommand.Cancel;
import ledger.api.SubscriptionCommand.ChangePlan;
import ledger.api.SubscriptionCommand.ChangeQuantity;
import ledger.api.SubscriptionCommand.Correct;
import ledger.api.SubscriptionCommand.Elapse;
import ledger.api.SubscriptionCommand.Expire;
import ledger.api.SubscriptionCommand.Pause;
import ledger.api.SubscriptionCommand.Reinstate;
import ledger.api.SubscriptionCommand.Renew;
import ledger.api.SubscriptionCommand.Resume;
import ledger.api.SubscriptionCommand.SetAutoRenew;
import ledger.api.SubscriptionCommand.Subscribe;
import ledger.api.SubscriptionCommand.WithdrawPlanChange;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.AutoRenewSet;
import ledger.api.SubscriptionEvent.CancellationScheduled;
import ledger.api.SubscriptionEvent.PlanChangeScheduled;
import ledger.api.SubscriptionEvent.PlanChangeWithdrawn;
import ledger.api.SubscriptionEvent.Reinstated;
import ledger.command.domain.Contract.Wishes;
import ledger.command.domain.SubscriptionState.Ended;
import ledger.command.domain.SubscriptionState.Ending;
import ledger.command.domain.SubscriptionState.Known;
import ledger.command.domain.SubscriptionState.Live;
import ledger.command.domain.SubscriptionState.Paused;
import ledger.command.domain.SubscriptionState.Running;
import ledger.command.domain.SubscriptionState.Unborn;

/**
 * The table of what a subscription may do: a row for every pair of a state and a command. An empty answer means that the
 * effect already holds; a refusal is a {@link ledger.api.Rejected}.
 */
public final class Decide {

    /** What starts in the past is made up for in the commit that starts it: periods of a day for two years and a half. */
    private static final int MOST_BEHIND = 1_000;

    private record Attempt(SubscriptionState state, SubscriptionCommand command) {}

    private Decide() {}

    /**
     * What time has done before {@code now} and nobody has written down yet, in order, each at its own boundary. It comes before
     * any command, so that a late deadline changes nothing; at the very instant of a deadline the command comes first.
     */
    public static List<SubscriptionEvent> overdue(SubscriptionState state, Instant now) {
        return elapsed(state, due -> due.at().isBefore(now));
    }

    /**
     * The state at an instant, from all that is written down: what has happened by then, with every boundary up to and including
     * that instant passed.
     */
    public static SubscriptionState asOf(List<SubscriptionEvent> history, Instant at) {
        SubscriptionState state = Evolve.evolve(
                new Unborn(),
                history.stream().filter(event -> !event.at().isAfter(at)).toList());
        return Evolve.evolve(state, elapsed(state, due -> due.by(at)));
    }

    /** The events of a command at {@code now} on a state on which nothing is overdue. */
    public static List<SubscriptionEvent> decide(SubscriptionState state, SubscriptionCommand command, Instant now) {
        try {
            return answer(state, command, now);
        } catch (ArithmeticException beyondWhatCanBeCharged) {
            throw Problem.AMOUNT_TOO_LARGE.because("price times quantity exceeds 2^53-1 minor units");
        }
    }

    private static List<SubscriptionEvent> answer(SubscriptionState state, SubscriptionCommand command, Instant now) {
        return switch (new Attempt(state, command)) {
            case Attempt(Unborn _, Subscribe c)
            when c.startAt() != null && c.startAt().isAfter(now) ->
                refuse(Problem.START_IN_FUTURE, "startAt is later than now, " + now);
            case Attempt(Unborn _, Subscribe c)
            when isTooLongAgo(c, now) ->
                refuse(Problem.START_TOO_EARLY, "more than " + MOST_BEHIND + " periods would have to be made up for");
            case Attempt(Unborn _, Subscribe c) -> one(Purchase.subscribe(c, now));
            case Attempt(Unborn _, SubscriptionCommand c) ->
                refuse(Problem.SUBSCRIPTION_NOT_FOUND, c.subscription() + " does not exist");
            case Attempt(Known _, Subscribe c) -> refuse(Problem.SUBSCRIPTION_EXISTS, c.subscription() + " exists");
            case Attempt(Known s, Correct c) -> Correction.decide(s.contract(), c, now);

            case Attempt(Live s, Cancel c) -> cancel(s, c, now);
            case Attempt(Live s, Reinstate _) when wishes(s).cancellation() == null -> nothing();
            case Attempt(Live s, Reinstate _) -> one(new Reinstated(s.contract().id(), now));
            case Attempt(Live s, SetAutoRenew c) when wishes(s).autoRenew() == c.enabled() -> nothing();
            case Attempt(Live _, SetAutoRenew c) -> one(new AutoRenewSet(c.subscription(), now, c.enabled()));
            case Attempt(Live s, ChangePlan c) -> changePlan(s, c, now);
            case Attempt(Live s, WithdrawPlanChange _) when wishes(s).nextOffer() == null -> nothing();
            case Attempt(Live s, WithdrawPlanChange _) -> one(withdraw(s, now));
            case Attempt(Live s, ChangeQuantity c) when s.contract().deal().quantity() == c.quantity() -> nothing();
            case Attempt(Live s, ChangeQuantity c) -> one(Purchase.changeQuantity(s, c.quantity(), now));

            case Attempt(Running s, Renew _) when s.contract().isRenewedAlready(now) -> nothing();
            case Attempt(Running s, Renew _) -> renew(s, now);
            case Attempt(Paused _, Renew _) -> refuse(Problem.SUBSCRIPTION_PAUSED, "resume it before it is renewed");
            case Attempt(Live s, Expire _) when isDue(s, Due.What.EXPIRY, now) -> elapsed(s, due -> due.by(now));
            case Attempt(Live s, Expire _) -> refuse(Problem.NOT_DUE, notDue(s));
            case Attempt(Live s, Elapse _) -> elapsed(s, due -> due.by(now));

            case Attempt(Live _, Pause c)
            when c.resumeAt() != null && !c.resumeAt().isAfter(now) ->
                refuse(Problem.RESUME_NOT_IN_FUTURE, "resumeAt is not later than now, " + now);
            case Attempt(Running _, Pause c) -> one(new SubscriptionEvent.Paused(c.subscription(), now, c.resumeAt()));
            case Attempt(Paused s, Pause c) when Objects.equals(s.resumeAt(), c.resumeAt()) -> nothing();
            case Attempt(Paused _, Pause _) ->
                refuse(Problem.SUBSCRIPTION_PAUSED, "it is paused with another end: resume it first");
            case Attempt(Running _, Resume _) -> nothing();
            case Attempt(Paused s, Resume _) -> one(Boundary.resume(s, now));

            case Attempt(Ended _, Cancel _) -> nothing();
            case Attempt(Ended _, Elapse _) -> nothing();
            case Attempt(Ended _, Expire _) -> nothing();
            case Attempt(Ended s, Renew c) when s.ending() == Ending.EXPIRED -> one(Purchase.revive(s, c, now));
            case Attempt(Ended _, Renew _) ->
                refuse(Problem.SUBSCRIPTION_CANCELED, "what was canceled does not come back: subscribe anew");
            case Attempt(Ended s, SubscriptionCommand _) -> refuse(Problem.SUBSCRIPTION_ENDED, "it ended at " + s.at());
        };
    }

    private static boolean isTooLongAgo(Subscribe c, Instant now) {
        return c.autoRenew()
                && c.startAt() != null
                && Anchor.at(c.startAt(), c.zone(), c.offer().price().term())
                        .boundary(MOST_BEHIND)
                        .isBefore(now);
    }

    private static List<SubscriptionEvent> cancel(Live s, Cancel c, Instant now) {
        return switch (c.when()) {
            case NOW -> one(Purchase.cancel(s, c.reason(), now));
            case PERIOD_END ->
                wishes(s).cancellation() != null
                        ? nothing()
                        : one(new CancellationScheduled(
                                c.subscription(), now, s.contract().billing().paidThrough(), c.reason()));
        };
    }

    private static List<SubscriptionEvent> renew(Running s, Instant now) {
        if (wishes(s).cancellation() != null) {
            return refuse(Problem.CANCELLATION_SCHEDULED, "reinstate it before it is renewed");
        }
        if (wishes(s).autoRenew()) {
            return refuse(
                    Problem.RENEWS_AUTOMATICALLY,
                    "auto-renew is on: it renews at " + s.contract().billing().paidThrough());
        }
        Contract contract = s.contract();
        return now.isBefore(contract.billing().current().period().end())
                ? one(Purchase.renew(s, now))
                : Boundary.nextPeriod(contract, now);
    }

    private static List<SubscriptionEvent> changePlan(Live s, ChangePlan c, Instant now) {
        var offer = s.contract().deal().offer();
        if (!c.offer().plan().product().equals(offer.plan().product())) {
            return refuse(
                    Problem.OTHER_PRODUCT,
                    "it is a subscription of product " + offer.plan().product());
        }
        if (!c.offer().price().amount().currency().equals(offer.price().amount().currency())) {
            return refuse(
                    Problem.OTHER_CURRENCY,
                    "it is paid in " + offer.price().amount().currency());
        }
        if (c.offer().equals(offer)) {
            return wishes(s).nextOffer() == null ? nothing() : one(withdraw(s, now));
        }
        return switch (c.when()) {
            case NOW -> one(Purchase.changePlan(s, c.offer(), now));
            case PERIOD_END -> c.offer().equals(wishes(s).nextOffer()) ? nothing() : one(schedule(s, c, now));
        };
    }

    private static SubscriptionEvent schedule(Live s, ChangePlan c, Instant now) {
        if (wishes(s).cancellation() != null) {
            throw Problem.CANCELLATION_SCHEDULED.because("it has no next period: reinstate it first");
        }
        requireNextPeriodOpen(s);
        // Refuses now what could not be charged at the boundary.
        c.offer().price().forQuantity(s.contract().deal().quantity());
        Instant boundary = s.contract().billing().current().period().end();
        return new PlanChangeScheduled(
                c.subscription(), now, c.offer().plan(), c.offer().price(), boundary);
    }

    private static SubscriptionEvent withdraw(Live s, Instant now) {
        requireNextPeriodOpen(s);
        return new PlanChangeWithdrawn(s.contract().id(), now);
    }

    private static void requireNextPeriodOpen(Live s) {
        if (s.contract().billing().ahead() != null) {
            throw Problem.NEXT_PERIOD_BOUGHT.because("the period from "
                    + s.contract().billing().current().period().end() + " is paid for on its plan");
        }
    }

    private static List<SubscriptionEvent> elapsed(SubscriptionState state, Predicate<Due> reached) {
        List<SubscriptionEvent> events = new ArrayList<>();
        SubscriptionState next = state;
        var due = Due.next(next).filter(reached);
        while (due.isPresent()) {
            List<SubscriptionEvent> step = Boundary.reach((Live) next, due.get());
            events.addAll(step);
            next = Evolve.evolve(next, step);
            due = Due.next(next).filter(reached);
        }
        return events;
    }

    private static boolean isDue(Live s, Due.What what, Instant now) {
        return Due.next(s).filter(due -> due.what() == what && due.by(now)).isPresent();
    }

    private static String notDue(Live s) {
        return Due.next(s)
                .map(due -> "next comes " + due.what() + " at " + due.at())
                .orElse("nothing is due");
    }

    private static Wishes wishes(Live s) {
        return s.contract().wishes();
    }

    private static List<SubscriptionEvent> one(SubscriptionEvent event) {
        return List.of(event);
    }

    private static List<SubscriptionEvent> nothing() {
        return List.of();
    }

    private static List<SubscriptionEvent> refuse(Problem problem, String detail) {
        throw problem.because(detail);
    }
}
