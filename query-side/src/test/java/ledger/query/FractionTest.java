package ledger.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import ledger.api.Term;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FractionTest {

    @ParameterizedTest
    @CsvSource({
        "1200, 1, MONTH, 1200",
        "1000, 3, MONTH, 333",
        "12000, 1, YEAR, 1000",
        "12006, 1, YEAR, 1001",
        "100, 1, DAY, 3044",
        "700, 1, WEEK, 3044",
        "700, 2, WEEK, 1522",
    })
    void a_price_comes_to_so_much_in_a_month(long amount, int every, Term.Unit unit, long monthly) {
        assertThat(Fraction.monthly(BigInteger.valueOf(amount), new Term(every, unit))
                        .rounded(0))
                .isEqualByComparingTo(BigInteger.valueOf(monthly).toString());
    }

    @Test
    void sums_are_rounded_once() {
        Fraction third = Fraction.monthly(BigInteger.ONE, new Term(3, Term.Unit.MONTH));
        assertThat(Fraction.ZERO.plus(third).plus(third).plus(third).rounded(0)).isEqualByComparingTo("1");
    }
}
