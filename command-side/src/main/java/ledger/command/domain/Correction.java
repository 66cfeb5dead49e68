package ledger.command.domain;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import ledger.api.Money;
import ledger.api.Problem;
import ledger.api.SubscriptionCommand.Correct;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.Corrected;
import org.jspecify.annotations.Nullable;

/**
 * What was wrong is corrected once, so that a repeat settles nothing twice. Whoever corrected wrongly corrects the correction, which is an
 * event like any other.
 */
final class Correction {

    private Correction() {}

    static List<SubscriptionEvent> decide(Contract contract, Correct c, Instant now) {
        Currency currency = contract.deal().offer().price().amount().currency();
        Corrected corrected = new Corrected(
                c.subscription(),
                now,
                c.corrects(),
                c.reason(),
                amount(c.credit(), currency),
                amount(c.charge(), currency),
                c.happenedAt());
        Corrected earlier = contract.past().corrections().get(c.corrects().version());
        if (earlier != null && !says(earlier, corrected)) {
            throw Problem.ALREADY_CORRECTED.because(
                    "version " + c.corrects().version() + " was corrected at " + earlier.at() + ": correct that");
        }
        if (c.happenedAt() != null && c.happenedAt().isAfter(now)) {
            throw Problem.HAPPENED_IN_FUTURE.because("happenedAt is later than now, " + now);
        }
        if (earlier != null) {
            return List.of();
        }
        if (BigInteger.valueOf(corrected.credit().amount())
                        .compareTo(contract.past().charged())
                > 0) {
            throw Problem.CREDIT_TOO_LARGE.because("it was charged "
                    + contract.past().charged() + " " + currency + " minor units, less what was credited");
        }
        return List.of(corrected);
    }

    private static boolean says(Corrected earlier, Corrected again) {
        return earlier.reason().equals(again.reason())
                && earlier.credit().equals(again.credit())
                && earlier.charge().equals(again.charge())
                && Objects.equals(earlier.happenedAt(), again.happenedAt());
    }

    private static Money amount(@Nullable Money amount, Currency currency) {
        if (amount != null && !amount.currency().equals(currency)) {
            throw Problem.OTHER_CURRENCY.because("it is paid in " + currency);
        }
        return amount == null ? Money.zero(currency) : amount;
    }
}
