package ledger.command.domain;

import static ledger.command.domain.Sample.ELAPSE;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import ledger.api.Anchor;
import ledger.api.BillingPeriod;
import ledger.api.Money;
import ledger.api.Paid;
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
import ledger.command.domain.Contract.Deal;
import ledger.command.domain.SubscriptionState.Ended;
import ledger.command.domain.SubscriptionState.Known;
import ledger.command.domain.SubscriptionState.Live;
import ledger.command.domain.SubscriptionState.Paused;
import ledger.command.domain.SubscriptionState.Running;
import ledger.command.domain.SubscriptionState.Unborn;
import org.jspecify.annotations.Nullable;

/**
 * A state, with what the ledger knows of how it came about, and everything that must hold of both. The money that was charged
 * and neither credited nor still unused is compared with what the time that was used costs, by a calculation of its own. Two
 * lives are equal when their futures are.
 */
final class Life {

    /** In minor units: each rounding may be half a unit off, and later shares are taken of rounded amounts. */
    private static final double ROUNDING = 6;

    final SubscriptionState state;
    final Instant now;
    private final SubscriptionState replayed;
    private final boolean claimed;
    private final long balance;
    private final double used;

    /** How long the whole term is that the price of the current period is for; and of the one that is bought ahead. */
    private final Duration term;

    private final Duration aheadTerm;

    private Life(
            SubscriptionState state,
            Instant now,
            SubscriptionState replayed,
            boolean claimed,
            long balance,
            double used,
            Duration term,
            Duration aheadTerm) {
        this.state = state;
        this.now = now;
        this.replayed = replayed;
        this.claimed = claimed;
        this.balance = balance;
        this.used = used;
        this.term = term;
        this.aheadTerm = aheadTerm;
    }

    static Life unborn(Instant now) {
        return new Life(new Unborn(), now, new Unborn(), false, 0, 0, Duration.ZERO, Duration.ZERO);
    }

    /** This life after events, each as it was decided and as it is read back from the store, and with the time until then. */
    Life after(List<SubscriptionEvent> events, UnaryOperator<SubscriptionEvent> stored, Instant later) {
        Life life = this;
        for (SubscriptionEvent event : events) {
            promise(!event.at().isBefore(life.now), "time never goes back");
            promise(!event.at().isAfter(later), "nothing happens before its time");
            life = life.until(event.at()).after(event, stored.apply(event));
        }
        life = life.until(later);
        life.keepsItsPromises();
        return life;
    }

    static void promise(boolean holds, String promise) {
        if (!holds) {
            throw new AssertionError(promise);
        }
    }

    private void keepsItsPromises() {
        promise(state.equals(replayed), "what is replayed is what was");
        promise(claimed == state instanceof Live, "the claim is held as long as it lives");
        boolean still = state instanceof Unborn
                || state instanceof Ended
                || (state instanceof Paused paused && paused.resumeAt() == null);
        Optional<Due> due = Due.next(state);
        promise(due.isEmpty() == still, "something is due unless it has ended or stands still");
        if (due.isPresent()) {
            promise(!due.get().at().isBefore(now), "nothing is left overdue");
            Instant early = due.get().at().minusNanos(1_000);
            promise(Decide.decide(state, ELAPSE, early).isEmpty(), "an early deadline does nothing");
        }
        long owed = balance - held();
        if (Math.abs(owed - used) > ROUNDING) {
            throw new AssertionError("used for " + used + ", but charged and not unused are " + owed);
        }
    }

    /** Running time is used at the price of the whole term; time that stands still or is a trial costs nothing. */
    private Life until(Instant later) {
        double cost = 0;
        if (state instanceof Running running && !current(running).isTrial()) {
            Deal deal = running.contract().deal();
            double share = (double) Duration.between(now, later).toNanos() / term.toNanos();
            cost = deal.offer().price().forQuantity(deal.quantity()).amount() * share;
        }
        return new Life(state, later, replayed, claimed, balance, used + cost, term, aheadTerm);
    }

    private Life after(SubscriptionEvent event, SubscriptionEvent read) {
        Life next = switch (event) {
            case Subscribed e -> entered(event, read, paid(e.charge(), null), term(e.anchor(), e.period()));
            case Activated e -> entered(event, read, paid(e.charge(), null), term(e.anchor(), e.period()));
            case Renewed e
            when e.period().start().isAfter(e.at()) ->
                bought(event, read, paid(e.charge(), null), term(e.anchor(), e.period()));
            case Renewed e -> entered(event, read, paid(e.charge(), null), term(e.anchor(), e.period()));
            case PeriodStarted _ -> entered(event, read, balance, aheadTerm);
            case PlanChanged e
            when e.current().period().number() > current((Known) state).number() ->
                entered(
                        event,
                        read,
                        paid(e.charge(), e.credit()),
                        term(e.anchor(), e.current().period()));
            case PlanChanged e -> bought(event, read, paid(e.charge(), e.credit()), term(e.anchor(), e.ahead()));
            case QuantityChanged e -> {
                promise(e.charge().isZero() || e.credit().isZero(), "a difference is charged or credited");
                yield bought(event, read, paid(e.charge(), e.credit()), term(e.anchor(), e.ahead()));
            }
            case Canceled e -> bought(event, read, paid(Money.zero(e.unused().currency()), e.unused()), aheadTerm);
            case Resumed e -> bought(event, read, balance, moved(e));
            case Expired _, CancellationScheduled _, Reinstated _, AutoRenewSet _ ->
                bought(event, read, balance, aheadTerm);
            case PlanChangeScheduled _, PlanChangeWithdrawn _, SubscriptionEvent.Paused _, Corrected _ ->
                bought(event, read, balance, aheadTerm);
        };
        checkPeriods(state, event, next.state);
        return next;
    }

    private Life entered(SubscriptionEvent event, SubscriptionEvent read, long paid, Duration whole) {
        return new Life(
                Evolve.evolve(state, event),
                now,
                Evolve.evolve(replayed, read),
                claimed(event),
                paid,
                used,
                whole,
                Duration.ZERO);
    }

    private Life bought(SubscriptionEvent event, SubscriptionEvent read, long paid, Duration wholeAhead) {
        return new Life(
                Evolve.evolve(state, event),
                now,
                Evolve.evolve(replayed, read),
                claimed(event),
                paid,
                used,
                term,
                wholeAhead);
    }

    private long paid(Money charge, @Nullable Money credit) {
        promise(
                credit == null || credit.amount() <= held(),
                "no more is given back than what was charged and is unused");
        return balance + charge.amount() - (credit == null ? 0 : credit.amount());
    }

    /** A whole month that was bought stays a whole month, though it may be another one; a part of one stays that part. */
    private Duration moved(Resumed e) {
        Paid old = ((Known) state).contract().billing().ahead();
        return e.ahead() != null && old != null && length(old.period()).equals(aheadTerm)
                ? length(e.ahead().period())
                : aheadTerm;
    }

    private boolean claimed(SubscriptionEvent event) {
        boolean holds = claimed;
        for (Claims claim : Claims.of(state, event)) {
            switch (claim) {
                case Claims.Take(String scope, String key, Integer most) -> {
                    promise(!holds && scope.equals(Claims.LIVE), "a claim is taken once");
                    promise(key.equals("suite/customer-7") && most == 1, "a claim is the customer's on the product");
                    holds = true;
                }
                case Claims.Release(String scope, String key) -> {
                    promise(holds && scope.equals(Claims.LIVE), "a claim is released once");
                    promise(key.equals("suite/customer-7"), "what is released is what was taken");
                    holds = false;
                }
            }
        }
        return holds;
    }

    /** The value of what is paid for and not used. */
    private long held() {
        if (!(state instanceof Live live)) {
            return 0;
        }
        Billing billing = live.contract().billing();
        Paid ahead = billing.ahead();
        return billing.current().unusedAt(live.usedUntil(now)).amount()
                + (ahead == null ? 0 : ahead.amount().amount());
    }

    /** Each period starts where the one before it ended; only an expiry leaves a gap, and only another term cuts one off. */
    private static void checkPeriods(SubscriptionState before, SubscriptionEvent event, SubscriptionState after) {
        Billing billing = ((Known) after).contract().billing();
        BillingPeriod current = billing.current().period();
        Paid ahead = billing.ahead();
        promise(current.start().isBefore(current.end()), "a period is not empty");
        promise(!billing.current().from().isAfter(current.end()), "what is paid for is in the period");
        if (ahead != null) {
            promise(ahead.period().start().equals(current.end()), "the next period follows the current one");
            promise(ahead.period().number() == current.number() + 1, "numbers increase by one");
            promise(ahead.period().start().isBefore(ahead.period().end()), "no period is empty");
        }
        if (before instanceof Known known) {
            checkNext(known, event, current, ahead);
        } else {
            promise(current.start().equals(event.at()) && current.number() <= 1, "the first period starts with it");
        }
    }

    private static void checkNext(Known before, SubscriptionEvent event, BillingPeriod current, @Nullable Paid ahead) {
        BillingPeriod old = current(before);
        Paid oldAhead = before.contract().billing().ahead();
        boolean next = current.number() == old.number() + 1;
        switch (event) {
            case Resumed e -> {
                Instant end = old.end().plus(Duration.between(e.pausedAt(), e.at()));
                BillingPeriod longer = new BillingPeriod(old.number(), old.start(), end, old.tzdb());
                promise(current.equals(longer), "a pause moves the end");
                promise((ahead == null) == (oldAhead == null), "a pause loses no period");
            }
            case Renewed e
            when before instanceof Ended ended ->
                promise(
                        next && current.start().equals(e.at()) && !e.at().isBefore(ended.at()),
                        "a revival starts a period of its own");
            case PlanChanged _
            when next ->
                promise(
                        current.start().equals(((Live) before).usedUntil(event.at()))
                                && !current.start().isAfter(old.end()),
                        "another term cuts the period off");
            case PeriodStarted e ->
                promise(
                        oldAhead != null
                                && e.period().equals(oldAhead.period())
                                && e.period().equals(current),
                        "what starts is what was bought");
            default ->
                promise(
                        current.equals(old)
                                || (next
                                        && current.start().equals(old.end())
                                        && current.start().equals(event.at())),
                        "periods tile");
        }
        if (event instanceof PeriodStarted || event instanceof Expired) {
            promise(event.at().equals(old.end()), "a boundary comes at its own time");
        }
    }

    private static Duration term(Anchor anchor, @Nullable Paid ahead) {
        return ahead == null ? Duration.ZERO : term(anchor, ahead.period());
    }

    /** From one term before the end of the period, by the calendar; a first, shorter period is a part of it. */
    private static Duration term(Anchor anchor, BillingPeriod period) {
        LocalDateTime end = LocalDateTime.ofInstant(period.end(), anchor.zone());
        int every = anchor.term().every();
        LocalDate date = switch (anchor.term().unit()) {
            case DAY -> end.toLocalDate().minusDays(every);
            case WEEK -> end.toLocalDate().minusWeeks(every);
            case MONTH -> inMonth(YearMonth.from(end).minusMonths(every), anchor.dayOfMonth());
            case YEAR -> inMonth(YearMonth.from(end).minusYears(every), anchor.dayOfMonth());
        };
        Instant start = ZonedDateTime.of(date, anchor.time(), anchor.zone()).toInstant();
        return Duration.between(start.isBefore(period.start()) ? start : period.start(), period.end());
    }

    private static LocalDate inMonth(YearMonth month, int day) {
        return month.atDay(Math.min(day, month.lengthOfMonth()));
    }

    private static BillingPeriod current(Known state) {
        return state.contract().billing().current().period();
    }

    private static Duration length(BillingPeriod period) {
        return Duration.between(period.start(), period.end());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Life life
                && now.equals(life.now)
                && balance == life.balance
                && Math.round(used * 10) == Math.round(life.used * 10)
                && term.equals(life.term)
                && aheadTerm.equals(life.aheadTerm)
                && state.equals(life.state);
    }

    @Override
    public int hashCode() {
        return 31 * state.hashCode() + now.hashCode();
    }
}
