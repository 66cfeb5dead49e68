package ledger.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Currency;

/**
 * An amount of 0 to 2<sup>53</sup>-1 minor units of an ISO 4217 currency: {@code {"amount": 1900, "currency": "USD"}} is
 * USD 19.00. The bound is what JSON clients represent exactly. Never negative: a credit and a charge are different words.
 */
public record Money(long amount, Currency currency) {

    public static final long MOST = (1L << 53) - 1;

    public Money {
        Check.between(amount, 0, MOST);
        if (currency.getDefaultFractionDigits() < 0) {
            throw new IllegalArgumentException("must be the ISO 4217 code of a currency that can be paid in");
        }
    }

    public static Money of(long amount, String currency) {
        return new Money(amount, Currency.getInstance(currency));
    }

    public static Money zero(Currency currency) {
        return new Money(0, currency);
    }

    @JsonIgnore
    public boolean isZero() {
        return amount == 0;
    }

    /** The sum; {@link ArithmeticException} when it exceeds {@link #MOST}, as for every operation here. */
    public Money plus(Money other) {
        requireSameCurrency(other);
        return exact(BigInteger.valueOf(amount).add(BigInteger.valueOf(other.amount)));
    }

    /** What remains, and zero where {@code other} is more. */
    public Money minusDownToZero(Money other) {
        requireSameCurrency(other);
        return new Money(Math.max(0, amount - other.amount), currency);
    }

    public Money times(int factor) {
        return exact(BigInteger.valueOf(amount).multiply(BigInteger.valueOf(factor)));
    }

    /** This amount times {@code part / whole}, rounded half-up to the minor unit. */
    public Money share(Duration part, Duration whole) {
        BigInteger twice = BigInteger.valueOf(amount)
                .multiply(BigInteger.valueOf(micros(part)))
                .shiftLeft(1);
        BigInteger divisor = BigInteger.valueOf(micros(whole));
        return exact(twice.add(divisor).divide(divisor.shiftLeft(1)));
    }

    /** Not by {@link Duration#toNanos}: a term of 366 years has more than a long can count. */
    private static long micros(Duration duration) {
        return Math.addExact(Math.multiplyExact(duration.getSeconds(), 1_000_000), duration.getNano() / 1_000);
    }

    private void requireSameCurrency(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException("amounts in " + currency + " and " + other.currency + " do not add up");
        }
    }

    private Money exact(BigInteger result) {
        if (result.bitLength() > 53) {
            throw new ArithmeticException("an amount beyond 2^53-1 minor units");
        }
        return new Money(result.longValueExact(), currency);
    }
}
