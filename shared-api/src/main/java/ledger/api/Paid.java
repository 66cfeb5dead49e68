package ledger.api;

import java.time.Instant;

/** What was actually charged for {@code period} from {@code from} to its end: the source of any later credit. */
public record Paid(BillingPeriod period, Instant from, Money amount) {

    public static Paid whole(BillingPeriod period, Money amount) {
        return new Paid(period, period.start(), amount);
    }

    /** The value of what lies after {@code now}: by share of elapsed time, rounded half-up to the minor unit. */
    public Money unusedAt(Instant now) {
        long whole = period.microsFrom(from);
        return whole == 0 ? Money.zero(amount.currency()) : amount.share(Math.min(whole, period.microsFrom(now)), whole);
    }
}
