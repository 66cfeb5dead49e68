package ledger.api;

import static java.math.RoundingMode.HALF_UP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

    private static final Duration MONTH = Duration.ofDays(30);

    @ParameterizedTest(name = "{0} x {1}/{2} = {3}")
    @CsvSource({
        "1900, 15, 30, 950",
        "1, 1, 2, 1",
        "1, 1, 3, 0",
        "3, 1, 2, 2",
        "5, 1, 10, 1",
        "4, 1, 10, 0",
        "100, 0, 7, 0",
        "100, 7, 7, 100",
        "0, 1, 3, 0",
        "9007199254740991, 1, 2, 4503599627370496",
        "9007199254740991, 133590, 133591, 9007131831042877"
    })
    void a_share_is_rounded_half_up_to_the_minor_unit(long amount, long part, long whole, long share) {
        assertThat(usd(amount).share(Duration.ofDays(part), Duration.ofDays(whole)))
                .isEqualTo(usd(share));
    }

    @Test
    void a_share_is_what_exact_arithmetic_says() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            long amount = random.nextLong(1L << random.nextInt(1, 53));
            Duration whole = micros(random.nextLong(1, 1L << random.nextInt(2, 53)));
            Duration part = micros(random.nextLong(whole.dividedBy(micros(1)) + 1));
            BigDecimal exact = BigDecimal.valueOf(amount)
                    .multiply(BigDecimal.valueOf(part.dividedBy(micros(1))))
                    .divide(BigDecimal.valueOf(whole.dividedBy(micros(1))), 0, HALF_UP);
            assertThat(usd(amount).share(part, whole)).isEqualTo(usd(exact.longValueExact()));
        }
    }

    @Test
    void adds_multiplies_and_subtracts_down_to_zero() {
        assertThat(usd(1).plus(usd(2))).isEqualTo(usd(3));
        assertThat(usd(1900).times(3)).isEqualTo(usd(5700));
        assertThat(usd(5).minusDownToZero(usd(2))).isEqualTo(usd(3));
        assertThat(usd(2).minusDownToZero(usd(5))).isEqualTo(usd(0));
        assertThat(Money.zero(Currency.getInstance("EGP"))).isEqualTo(Money.of(0, "EGP"));
        assertThat(usd(0).isZero()).isTrue();
        assertThat(usd(1).isZero()).isFalse();
    }

    @Test
    void takes_amounts_from_nothing_to_what_json_clients_count_exactly() {
        assertThat(usd(Money.MOST).amount()).isEqualTo(9_007_199_254_740_991L);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> usd(Money.MOST + 1))
                .withMessage("must be from 0 to 9007199254740991");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> usd(-1))
                .withMessage("must be from 0 to 9007199254740991");
    }

    @Test
    void never_wraps_around() {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> usd(Money.MOST).plus(usd(1)));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> usd(Money.MOST).times(Integer.MAX_VALUE));
        assertThat(usd(Money.MOST - 1).plus(usd(1))).isEqualTo(usd(Money.MOST));
        assertThat(usd(Money.MOST).share(MONTH, MONTH)).isEqualTo(usd(Money.MOST));
    }

    @Test
    void never_adds_up_what_is_in_two_currencies() {
        assertThatIllegalArgumentException().isThrownBy(() -> usd(1).plus(Money.of(1, "EUR")));
        assertThatIllegalArgumentException().isThrownBy(() -> usd(1).minusDownToZero(Money.of(1, "EUR")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"XXX", "XAU", "XTS"})
    void refuses_a_code_that_nobody_pays_in(String code) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Money.of(1, code))
                .withMessage("must be the ISO 4217 code of a currency that can be paid in");
    }

    @Test
    void a_flat_price_is_for_all_and_a_unit_price_for_each() {
        assertThat(new Price(Term.MONTHLY, usd(1900), Price.Per.FLAT).forQuantity(5))
                .isEqualTo(usd(1900));
        assertThat(new Price(Term.MONTHLY, usd(1900), Price.Per.UNIT).forQuantity(5))
                .isEqualTo(usd(9500));
    }

    @Test
    void the_unused_part_of_what_was_paid_shrinks_from_all_to_nothing() {
        Instant start = Instant.parse("2026-04-01T00:00:00Z");
        Paid paid = Paid.whole(new BillingPeriod(1, start, start.plus(MONTH), "2026a"), usd(3000));
        assertThat(paid.unusedAt(start.minusSeconds(1))).isEqualTo(usd(3000));
        assertThat(paid.unusedAt(start)).isEqualTo(usd(3000));
        assertThat(paid.unusedAt(start.plus(Duration.ofDays(10)))).isEqualTo(usd(2000));
        assertThat(paid.unusedAt(start.plus(MONTH))).isEqualTo(usd(0));
        assertThat(paid.unusedAt(start.plus(MONTH).plusSeconds(1))).isEqualTo(usd(0));
    }

    @Test
    void what_was_paid_from_the_middle_on_counts_from_there() {
        Instant start = Instant.parse("2026-04-01T00:00:00Z");
        BillingPeriod period = new BillingPeriod(1, start, start.plus(MONTH), "2026a");
        Paid paid = new Paid(period, start.plus(Duration.ofDays(20)), usd(1000));
        assertThat(paid.unusedAt(start)).isEqualTo(usd(1000));
        assertThat(paid.unusedAt(start.plus(Duration.ofDays(25)))).isEqualTo(usd(500));
        assertThat(new Paid(period, period.end(), usd(0)).unusedAt(period.end()))
                .isEqualTo(usd(0));
    }

    @Test
    void a_period_of_centuries_is_shared_like_any_other() {
        Instant start = Instant.parse("2000-01-01T00:00:00Z");
        BillingPeriod period = new BillingPeriod(1, start, Instant.parse("2400-01-01T00:00:00Z"), "2026a");
        assertThat(Paid.whole(period, usd(4000)).unusedAt(Instant.parse("2100-01-01T00:00:00Z")))
                .isEqualTo(usd(3000));
    }

    private static Money usd(long amount) {
        return Money.of(amount, "USD");
    }

    private static Duration micros(long micros) {
        return Duration.ofSeconds(micros / 1_000_000, micros % 1_000_000 * 1_000);
    }
}
