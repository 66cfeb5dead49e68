package ledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The cases of {@code /period-boundaries.csv}, gathered from the tests and documentation of four billing systems. */
class PeriodBoundariesTest {

    @ParameterizedTest(name = "{0} ({1})")
    @CsvFileSource(resources = "/period-boundaries.csv", numLinesToSkip = 1)
    void an_instant_is_in_the_period_that_other_billing_systems_expect(
            String id,
            String source,
            Instant start,
            String zone,
            @Nullable Integer anchorDay,
            int every,
            Term.Unit unit,
            Instant at,
            int number,
            Instant periodStart,
            Instant periodEnd) {
        Anchor natural = Anchor.at(start, ZoneId.of(zone), new Term(every, unit));
        Anchor anchor = anchorDay == null ? natural : natural.onDay(anchorDay);

        BillingPeriod period = anchor.firstPeriod(start);
        while (!period.contains(at)) {
            period = anchor.after(period);
        }

        assertThat(period).isEqualTo(new BillingPeriod(number, periodStart, periodEnd, period.tzdb()));
    }

    @ParameterizedTest(name = "{0} ({1})")
    @CsvFileSource(resources = "/period-boundaries.csv", numLinesToSkip = 1)
    void the_same_period_is_found_without_those_before_it(
            String id,
            String source,
            Instant start,
            String zone,
            @Nullable Integer anchorDay,
            int every,
            Term.Unit unit,
            Instant at,
            int number,
            Instant periodStart,
            Instant periodEnd) {
        Anchor natural = Anchor.at(start, ZoneId.of(zone), new Term(every, unit));
        Anchor anchor = anchorDay == null ? natural : natural.onDay(anchorDay);

        assertThat(anchor.boundaryAfter(at)).isEqualTo(periodEnd);
        assertThat(anchor.boundaryFrom(periodEnd)).isEqualTo(periodEnd);
        assertThat(anchor.boundaryBefore(periodEnd)).isBeforeOrEqualTo(periodStart);
    }
}
