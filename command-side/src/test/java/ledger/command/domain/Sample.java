package ledger.command.domain;

import java.time.Instant;
import java.time.ZoneId;
import java.util.UUID;
import ledger.api.CustomerId;
import ledger.api.Money;
import ledger.api.Offer;
import ledger.api.PlanRef;
import ledger.api.PlanSlug;
import ledger.api.Price;
import ledger.api.ProductSlug;
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
import ledger.api.SubscriptionEvent.Stated;
import ledger.api.SubscriptionId;
import ledger.api.Term;
import ledger.api.When;
import org.jspecify.annotations.Nullable;

/** One subscription, the catalogue that it lives on, and what can be said to it. */
final class Sample {

    static final SubscriptionId ID = new SubscriptionId(new UUID(0x0190_f3c4_0000_7000L, 0x8000_0000_0000_0001L));
    static final CustomerId CUSTOMER = new CustomerId("customer-7");
    static final ZoneId UTC = ZoneId.of("UTC");
    static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    static final Term DAILY = new Term(1, Term.Unit.DAY);
    static final Term WEEKLY = new Term(1, Term.Unit.WEEK);
    static final Term QUARTERLY = new Term(3, Term.Unit.MONTH);

    /** USD 1.00 for each day of a month of 31. */
    static final Offer BASIC = flat("basic", Term.MONTHLY, 3100);

    static final Offer PRO = flat("pro", Term.MONTHLY, 6200);
    static final Offer BASIC_QUARTER = flat("basic", QUARTERLY, 9000);

    /** USD 1.00 for each day of a year of 365. */
    static final Offer BASIC_YEAR = flat("basic", Term.YEARLY, 36500);

    static final Offer SEATS_YEAR = new Offer(plan("seats"), new Price(Term.YEARLY, usd(36500), Price.Per.UNIT));
    static final Offer SEATS = new Offer(plan("seats"), new Price(Term.MONTHLY, usd(3100), Price.Per.UNIT));

    static final Elapse ELAPSE = new Elapse(ID);
    static final Expire EXPIRE = new Expire(ID);
    static final Reinstate REINSTATE = new Reinstate(ID);
    static final Renew RENEW = new Renew(ID, 1);
    static final Resume RESUME = new Resume(ID);
    static final WithdrawPlanChange WITHDRAW = new WithdrawPlanChange(ID);
    static final Cancel CANCEL_NOW = new Cancel(ID, When.NOW, null);
    static final Cancel CANCEL_AT_PERIOD_END = new Cancel(ID, When.PERIOD_END, null);
    static final SetAutoRenew AUTO_RENEW_ON = new SetAutoRenew(ID, true);
    static final SetAutoRenew AUTO_RENEW_OFF = new SetAutoRenew(ID, false);
    static final Pause PAUSE = new Pause(ID, null);

    static final Correct CORRECT = new Correct(
            ID,
            new Stated(0, "subscription.subscribed", Instant.EPOCH, usd(3100), null),
            "too little",
            null,
            usd(100),
            null);

    private Sample() {}

    static Subscribe subscribe(Offer offer) {
        return new Subscribe(ID, CUSTOMER, null, offer, 1, true, UTC, null, 0, null, 1);
    }

    static Subscribe once(Subscribe c) {
        return like(c, c.quantity(), false, c.zone(), c.anchorDay(), c.trialDays(), c.startAt());
    }

    static Subscribe quantity(int quantity, Subscribe c) {
        return like(c, quantity, c.autoRenew(), c.zone(), c.anchorDay(), c.trialDays(), c.startAt());
    }

    static Subscribe in(ZoneId zone, Subscribe c) {
        return like(c, c.quantity(), c.autoRenew(), zone, c.anchorDay(), c.trialDays(), c.startAt());
    }

    static Subscribe onDay(int day, Subscribe c) {
        return like(c, c.quantity(), c.autoRenew(), c.zone(), day, c.trialDays(), c.startAt());
    }

    static Subscribe trial(int days, Subscribe c) {
        return like(c, c.quantity(), c.autoRenew(), c.zone(), c.anchorDay(), days, c.startAt());
    }

    static Subscribe startingAt(String time, Subscribe c) {
        return like(c, c.quantity(), c.autoRenew(), c.zone(), c.anchorDay(), c.trialDays(), Telling.instant(time));
    }

    private static Subscribe like(
            Subscribe c,
            int quantity,
            boolean autoRenew,
            ZoneId zone,
            @Nullable Integer anchorDay,
            int trialDays,
            @Nullable Instant startAt) {
        return new Subscribe(
                ID,
                c.customer(),
                c.reference(),
                c.offer(),
                quantity,
                autoRenew,
                zone,
                anchorDay,
                trialDays,
                startAt,
                c.maxLive());
    }

    static ChangePlan changeNow(Offer offer) {
        return new ChangePlan(ID, offer, When.NOW);
    }

    static ChangePlan changeAtPeriodEnd(Offer offer) {
        return new ChangePlan(ID, offer, When.PERIOD_END);
    }

    static ChangeQuantity changeQuantity(int quantity) {
        return new ChangeQuantity(ID, quantity);
    }

    static Pause pauseUntil(String resumeAt) {
        return new Pause(ID, Telling.instant(resumeAt));
    }

    static Pause pauseUntil(Instant resumeAt) {
        return new Pause(ID, resumeAt);
    }

    static Cancel because(String reason, Cancel c) {
        return new Cancel(ID, c.when(), reason);
    }

    static Offer flat(String plan, Term term, long amount) {
        return new Offer(plan(plan), new Price(term, usd(amount), Price.Per.FLAT));
    }

    static Offer inCurrency(String currency, Offer offer) {
        Price price = offer.price();
        return new Offer(
                offer.plan(), new Price(price.term(), Money.of(price.amount().amount(), currency), price.per()));
    }

    static Offer ofProduct(String product, Offer offer) {
        return new Offer(
                new PlanRef(offer.plan().slug(), offer.plan().version(), new ProductSlug(product)), offer.price());
    }

    static Money usd(long amount) {
        return Money.of(amount, "USD");
    }

    static PlanRef plan(String slug) {
        return new PlanRef(new PlanSlug(slug), 1, new ProductSlug("suite"));
    }
}
