package ledger.query;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import ledger.api.Term;

/** An exact amount of minor units between roundings. */
public record Fraction(BigInteger numerator, BigInteger denominator) {

    public static final Fraction ZERO = new Fraction(BigInteger.ZERO, BigInteger.ONE);

    // A mean Gregorian month has 365.2425 / 12 days.
    private static final long DAYS_OF_MONTHS = 3_652_425;
    private static final long MONTHS_OF_DAYS = 120_000;

    /** What {@code amount} for each {@code term} comes to in one month. */
    public static Fraction monthly(BigInteger amount, Term term) {
        return switch (term.unit()) {
            case DAY -> of(amount, DAYS_OF_MONTHS, MONTHS_OF_DAYS * term.every());
            case WEEK -> of(amount, DAYS_OF_MONTHS, MONTHS_OF_DAYS * 7 * term.every());
            case MONTH -> of(amount, 1, term.every());
            case YEAR -> of(amount, 1, 12L * term.every());
        };
    }

    public Fraction plus(Fraction other) {
        return new Fraction(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    /** Rounded half-up to this many decimals. */
    public BigDecimal rounded(int decimals) {
        return new BigDecimal(numerator).divide(new BigDecimal(denominator), decimals, RoundingMode.HALF_UP);
    }

    private static Fraction of(BigInteger amount, long times, long by) {
        return new Fraction(amount.multiply(BigInteger.valueOf(times)), BigInteger.valueOf(by));
    }
}
