package ledger.api;

import java.time.Duration;
import java.time.Instant;

/** What was actually charged for {@code period} from {@code from} to its end: the source of any later credit. */
public record Paid(BillingPeriod period, Instant from, Money amount) {

    public static Paid whole(BillingPeriod period, Money amount) {
        return new Paid(period, period.start(), amount);
    }

    /** The value of what lies after {@code now}: by share of elapsed time, rounded half-up to the minor unit. */
    public Money unusedAt(Instant now) {
        Instant used = now.isBefore(from) ? from : now;
        return used.isBefore(period.end())
                ? amount.share(Duration.between(used, period.end()), Duration.between(from, period.end()))
                : Money.zero(amount.currency());
    }
}
