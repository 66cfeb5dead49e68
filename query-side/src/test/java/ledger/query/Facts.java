package ledger.query;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import ledger.api.Anchor;
import ledger.api.BillingPeriod;
import ledger.api.CustomerId;
import ledger.api.Money;
import ledger.api.PlanEvent.Published;
import ledger.api.PlanRef;
import ledger.api.PlanSlug;
import ledger.api.PlanTerms;
import ledger.api.Price;
import ledger.api.ProductSlug;
import ledger.api.SubscriptionEvent.Canceled;
import ledger.api.SubscriptionEvent.Renewed;
import ledger.api.SubscriptionEvent.Subscribed;
import ledger.api.SubscriptionId;
import ledger.api.Term;
import org.jspecify.annotations.Nullable;

/** Events of one kind of subscription: monthly, USD 19 a unit, from the last of January 2026 on. */
public final class Facts {

    public static final Instant START = Instant.parse("2026-01-31T00:00:00Z");
    public static final ProductSlug PRODUCT = new ProductSlug("crm");
    public static final PlanRef PRO = new PlanRef(new PlanSlug("pro"), 1, PRODUCT);
    public static final Price MONTHLY = new Price(Term.MONTHLY, Money.of(1900, "USD"), Price.Per.UNIT);
    public static final Anchor ANCHOR = Anchor.at(START, ZoneId.of("UTC"), Term.MONTHLY);
    public static final BillingPeriod FIRST = ANCHOR.firstPeriod(START);
    public static final BillingPeriod SECOND = ANCHOR.after(FIRST);
    public static final BillingPeriod THIRD = ANCHOR.after(SECOND);

    private Facts() {}

    public static SubscriptionId id(long number) {
        return new SubscriptionId(new UUID(0x7000, number));
    }

    public static Subscribed subscribed(SubscriptionId id, boolean autoRenew) {
        return subscribed(id, "customer-" + id.value().getLeastSignificantBits(), FIRST, autoRenew);
    }

    public static Subscribed subscribed(SubscriptionId id, String customer, BillingPeriod period, boolean autoRenew) {
        Money charge = period.isTrial() ? Money.zero(MONTHLY.amount().currency()) : MONTHLY.forQuantity(2);
        return new Subscribed(
                id,
                period.start(),
                new CustomerId(customer),
                null,
                PRO,
                MONTHLY,
                2,
                autoRenew,
                ANCHOR,
                period,
                charge,
                1);
    }

    public static Renewed renewed(SubscriptionId id, Instant at, BillingPeriod period) {
        return new Renewed(id, at, PRO, MONTHLY, 2, ANCHOR, period, MONTHLY.forQuantity(2), null);
    }

    public static Canceled canceled(SubscriptionId id, Instant at, @Nullable String reason) {
        return new Canceled(id, at, FIRST, Money.of(500, "USD"), reason);
    }

    public static PlanTerms terms(Price... prices) {
        return new PlanTerms(PRODUCT, "Pro", null, List.of(prices), 14, List.of(), null);
    }

    public static Published published(String slug, Price... prices) {
        return new Published(new PlanSlug(slug), START, 1, terms(prices));
    }
}
