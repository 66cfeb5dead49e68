package ledger.command.domain;

import java.time.Duration;
import java.time.Instant;
import ledger.api.Anchor;
import ledger.api.BillingPeriod;
import ledger.api.Money;
import ledger.command.domain.Contract.Billing;

/** What a part of a period costs, by its share of the whole term that a price is for; rounded half-up to the minor unit. */
final class Proration {

    private Proration() {}

    /** A period that is yet to start: all of the price, or its part where the period is a first, shorter one. */
    static Money whole(Anchor anchor, BillingPeriod period, Money price) {
        return rest(term(anchor, period), period, period.start(), price);
    }

    /** The current period from {@code from} to its end. */
    static Money rest(Contract contract, Instant from, Money price) {
        return rest(term(contract), contract.billing().current().period(), from, price);
    }

    /** How long the whole term of the current period is, in time that goes by: pauses do not count. */
    static Duration term(Contract contract) {
        Billing billing = contract.billing();
        return billing.term() == null
                ? term(
                        billing.anchor()
                                .withTerm(contract.deal().offer().price().term()),
                        billing.current().period())
                : billing.term();
    }

    /** The term that ends with the period; it starts with it too, unless at another local time, as a shorter first period does. */
    private static Duration term(Anchor anchor, BillingPeriod period) {
        Instant boundary = anchor.boundaryBefore(period.end());
        boolean sameLocalTime = boundary.atZone(anchor.zone())
                .toLocalDateTime()
                .equals(period.start().atZone(anchor.zone()).toLocalDateTime());
        return Duration.between(sameLocalTime ? period.start() : boundary, period.end());
    }

    private static Money rest(Duration term, BillingPeriod period, Instant from, Money price) {
        Duration rest = from.isBefore(period.end()) ? Duration.between(from, period.end()) : Duration.ZERO;
        return price.share(rest.compareTo(term) < 0 ? rest : term, term);
    }
}
