package ledger.query.history;

import static java.util.stream.Collectors.joining;

import java.math.BigDecimal;
import java.util.Locale;
import ledger.api.Anchor;
import ledger.api.AuditEvent;
import ledger.api.BillingPeriod;
import ledger.api.LedgerEvent;
import ledger.api.Money;
import ledger.api.Paid;
import ledger.api.PlanEvent;
import ledger.api.PlanEvent.Published;
import ledger.api.PlanEvent.Retired;
import ledger.api.PlanEvent.Revised;
import ledger.api.PlanRef;
import ledger.api.PlanTerms;
import ledger.api.Price;
import ledger.api.ProductEvent.PolicySet;
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
import ledger.api.Term;
import ledger.api.UsageEvent;
import org.jspecify.annotations.Nullable;

/** An event in words: each date and amount with where it comes from, from the event alone. */
final class Sentence {

    private Sentence() {}

    static String of(LedgerEvent event) {
        return switch (event) {
            case SubscriptionEvent e -> of(e);
            case PlanEvent e -> of(e);
            case PolicySet e ->
                "A customer may have %s live subscriptions of product %s."
                        .formatted(
                                e.maxLivePerCustomer() == null ? "any number of" : e.maxLivePerCustomer(), e.product());
            case UsageEvent.Recorded e ->
                "%d %s %s, %d of %d since."
                        .formatted(
                                Math.abs(e.quantity()),
                                e.metric(),
                                e.quantity() < 0 ? "given back" : "used",
                                e.used(),
                                e.limit().max());
            case AuditEvent e -> "%s asked for %s.".formatted(e.actor(), e.resource());
        };
    }

    private static String of(SubscriptionEvent event) {
        return switch (event) {
            case Subscribed e ->
                "Customer %s subscribed to %s. %s"
                        .formatted(
                                e.customer(),
                                deal(e.plan(), e.price(), e.quantity()),
                                bought(e.anchor(), e.period(), e.charge()));
            case Activated e ->
                "The trial is over: %s. %s"
                        .formatted(deal(e.plan(), e.price(), e.quantity()), bought(e.anchor(), e.period(), e.charge()));
            case Renewed e ->
                "Renewed%s: %s. %s"
                        .formatted(
                                e.period().start().isAfter(e.at()) ? " in advance" : "",
                                deal(e.plan(), e.price(), e.quantity()),
                                bought(e.anchor(), e.period(), e.charge()));
            case PeriodStarted e -> "%s began, which was bought in advance.".formatted(capital(period(e.period())));
            case CancellationScheduled e -> "It will end at %s%s.".formatted(e.endsAt(), because(e.reason()));
            case Reinstated _ -> "It will not end after all.";
            case Canceled e ->
                "Canceled%s, in %s. What was charged for the time after that is worth %s."
                        .formatted(because(e.reason()), period(e.period()), money(e.unused()));
            case Expired e -> "Expired with %s: nothing renewed it.".formatted(period(e.period()));
            case AutoRenewSet e -> "It is %s to renew by itself.".formatted(e.enabled() ? "now" : "no longer");
            case PlanChanged e ->
                "Now on %s. %s"
                        .formatted(
                                deal(e.plan(), e.price(), e.quantity()),
                                settled(e.credit(), e.charge(), e.anchor(), e.current(), e.ahead()));
            case PlanChangeScheduled e ->
                "From %s on it will be on %s.".formatted(e.effectiveAt(), deal(e.plan(), e.price(), null));
            case PlanChangeWithdrawn _ -> "The plan will not change after all.";
            case QuantityChanged e ->
                "Now %s. %s"
                        .formatted(
                                deal(e.plan(), e.price(), e.quantity()),
                                settled(e.credit(), e.charge(), e.anchor(), e.current(), e.ahead()));
            case Corrected e -> corrected(e);
            case Paused e -> "Paused%s.".formatted(e.resumeAt() == null ? "" : ", to be resumed at " + e.resumeAt());
            case Resumed e ->
                "Resumed after the pause since %s: every boundary is later by its length. %s"
                        .formatted(e.pausedAt(), paid(e.anchor(), e.current(), e.ahead()));
        };
    }

    private static String corrected(Corrected e) {
        String stated = (e.corrects().charge() == null
                        ? ""
                        : ", charged " + money(e.corrects().charge()))
                + (e.corrects().credit() == null
                        ? ""
                        : ", credited " + money(e.corrects().credit()));
        return "The %s of version %d (at %s%s) was wrong%s. %s is credited, %s charged%s."
                .formatted(
                        e.corrects().type(),
                        e.corrects().version(),
                        e.corrects().at(),
                        stated,
                        because(e.reason()),
                        money(e.credit()),
                        money(e.charge()),
                        e.happenedAt() == null ? "" : "; it really happened at " + e.happenedAt());
    }

    private static String of(PlanEvent event) {
        return switch (event) {
            case Published e -> "Published as version %d: %s".formatted(e.version(), terms(e.terms()));
            case Revised e -> "Version %d for new subscriptions: %s".formatted(e.version(), terms(e.terms()));
            case Retired _ -> "Retired: it takes no new subscriptions and keeps those it has.";
        };
    }

    private static String deal(PlanRef plan, Price price, @Nullable Integer quantity) {
        return "%s%s (version %d, product %s) at %s"
                .formatted(
                        quantity == null ? "" : quantity + " × ",
                        plan.slug(),
                        plan.version(),
                        plan.product(),
                        price(price));
    }

    private static String price(Price price) {
        return money(price.amount())
                + (price.per() == Price.Per.UNIT ? " a unit" : " for all")
                + " and "
                + term(price.term());
    }

    private static String bought(Anchor anchor, BillingPeriod period, Money charge) {
        return "%s is charged for %s; %s.".formatted(money(charge), period(period), boundaries(anchor, period));
    }

    private static String settled(Money credit, Money charge, Anchor anchor, Paid current, @Nullable Paid ahead) {
        return "%s is credited for what was charged and not used, %s charged for the rest. %s"
                .formatted(money(credit), money(charge), paid(anchor, current, ahead));
    }

    private static String paid(Anchor anchor, Paid current, @Nullable Paid ahead) {
        return "Paid for: %s of %s from %s on%s; %s."
                .formatted(
                        money(current.amount()),
                        period(current.period()),
                        current.from(),
                        ahead == null ? "" : ", and %s of %s".formatted(money(ahead.amount()), period(ahead.period())),
                        boundaries(anchor, current.period()));
    }

    private static String period(BillingPeriod period) {
        return "%s from %s to %s"
                .formatted(period.isTrial() ? "the trial" : "period " + period.number(), period.start(), period.end());
    }

    /** The rule by which the dates were computed. */
    private static String boundaries(Anchor anchor, BillingPeriod period) {
        String day = switch (anchor.term().unit()) {
            case MONTH, YEAR -> "day %d of the month, counted from %s,".formatted(anchor.dayOfMonth(), anchor.origin());
            case DAY, WEEK -> "local days counted from %s".formatted(anchor.origin());
        };
        return "boundaries are every %s on %s at %s in %s (time zones of %s)"
                .formatted(term(anchor.term()), day, anchor.time(), anchor.zone(), period.tzdb());
    }

    private static String terms(PlanTerms terms) {
        return "%s, of product %s, at %s%s."
                .formatted(
                        terms.name(),
                        terms.product(),
                        terms.prices().stream().map(Sentence::price).collect(joining(" or ")),
                        terms.trialDays() == 0 ? "" : ", after %d days of trial".formatted(terms.trialDays()));
    }

    private static String term(Term term) {
        String unit = term.unit().name().toLowerCase(Locale.ROOT);
        return term.every() == 1 ? unit : term.every() + " " + unit + "s";
    }

    private static String money(Money money) {
        BigDecimal amount = BigDecimal.valueOf(money.amount(), money.currency().getDefaultFractionDigits());
        return money.currency().getCurrencyCode() + " " + amount.toPlainString();
    }

    private static String because(@Nullable String reason) {
        return reason == null ? "" : " (“" + reason + "”)";
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
