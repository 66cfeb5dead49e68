package ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class AnchorTest {

    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final Term DAILY = new Term(1, Term.Unit.DAY);
    private static final Term QUARTERLY = new Term(3, Term.Unit.MONTH);

    @Test
    void day_31_survives_every_shorter_month() {
        Anchor anchor = Anchor.at(at("2024-01-31T15:00:00Z"), UTC, Term.MONTHLY);
        assertThat(anchor.boundary(1)).isEqualTo("2024-02-29T15:00:00Z");
        assertThat(anchor.boundary(2)).isEqualTo("2024-03-31T15:00:00Z");
        assertThat(anchor.boundary(3)).isEqualTo("2024-04-30T15:00:00Z");
        assertThat(anchor.boundary(-2)).isEqualTo("2023-11-30T15:00:00Z");
    }

    @Test
    void a_local_time_that_is_skipped_moves_forward_and_one_that_occurs_twice_is_the_first() {
        Anchor spring = Anchor.at(at("2024-02-10T07:30:00Z"), NEW_YORK, Term.MONTHLY);
        assertThat(spring.time()).isEqualTo(LocalTime.of(2, 30));
        assertThat(spring.boundary(1)).isEqualTo("2024-03-10T07:30:00Z"); // 03:30 EDT
        assertThat(spring.boundary(2)).isEqualTo("2024-04-10T06:30:00Z");
        Anchor autumn = Anchor.at(at("2024-10-03T05:30:00Z"), NEW_YORK, Term.MONTHLY);
        assertThat(autumn.boundary(1)).isEqualTo("2024-11-03T05:30:00Z"); // 01:30 EDT, not EST
    }

    @Test
    void a_day_that_did_not_exist_makes_no_empty_period() {
        Anchor anchor = Anchor.at(at("2011-12-29T10:30:00Z"), ZoneId.of("Pacific/Apia"), DAILY);
        BillingPeriod first = anchor.firstPeriod(at("2011-12-29T10:30:00Z"));
        assertThat(first.end()).isEqualTo("2011-12-30T10:30:00Z"); // 31 December 00:30
        assertThat(anchor.after(first).end()).isEqualTo("2011-12-31T10:30:00Z");
    }

    @Test
    void a_trial_counts_local_days_and_ends_at_the_local_time_that_it_started_at() {
        Anchor anchor = Anchor.at(at("2024-03-01T07:30:00Z"), NEW_YORK, Term.MONTHLY);
        BillingPeriod trial = anchor.trial(at("2024-03-01T07:30:00Z"), 14);
        assertThat(trial.number()).isZero();
        assertThat(trial.isTrial()).isTrue();
        assertThat(trial.end()).isEqualTo("2024-03-15T06:30:00Z");
    }

    @Test
    void a_trial_that_ends_in_a_gap_does_not_move_the_time_of_later_boundaries() {
        Anchor anchor = Anchor.at(at("2024-03-03T07:30:00Z"), NEW_YORK, Term.MONTHLY);
        BillingPeriod trial = anchor.trial(at("2024-03-03T07:30:00Z"), 7);
        assertThat(trial.end()).isEqualTo("2024-03-10T07:30:00Z"); // 03:30
        BillingPeriod first = anchor.plusDays(7).firstPeriod(trial.end());
        assertThat(first.end()).isEqualTo("2024-04-10T06:30:00Z"); // 02:30 again
    }

    @Test
    void a_trial_that_ends_in_an_overlap_ends_at_the_first_occurrence() {
        Anchor anchor = Anchor.at(at("2024-02-03T06:30:00Z"), NEW_YORK, Term.MONTHLY);
        assertThat(anchor.trial(at("2024-02-03T06:30:00Z"), 274).end()).isEqualTo("2024-11-03T05:30:00Z");
    }

    @Test
    void another_term_from_the_end_of_february_keeps_day_31() {
        Anchor monthly = Anchor.at(at("2023-01-31T10:00:00Z"), UTC, Term.MONTHLY);
        Anchor quarterly = monthly.movedTo(at("2023-02-28T10:00:00Z"), QUARTERLY);
        assertThat(quarterly.boundaryAfter(at("2023-02-28T10:00:00Z"))).isEqualTo("2023-05-31T10:00:00Z");
    }

    @Test
    void another_term_from_a_boundary_in_a_gap_keeps_the_local_time() {
        Anchor monthly = Anchor.at(at("2024-02-10T07:30:00Z"), NEW_YORK, Term.MONTHLY);
        assertThat(monthly.movedTo(at("2024-03-10T07:30:00Z"), QUARTERLY).time())
                .isEqualTo(LocalTime.of(2, 30));
    }

    @Test
    void an_anchor_that_moves_to_another_day_and_time_takes_them() {
        Anchor monthly = Anchor.at(at("2023-01-31T10:00:00Z"), UTC, Term.MONTHLY);
        assertThat(monthly.movedTo(at("2023-03-04T11:00:00Z"), Term.MONTHLY))
                .isEqualTo(new Anchor(LocalDate.of(2023, 3, 4), 4, LocalTime.of(11, 0), UTC, Term.MONTHLY));
    }

    @Test
    void a_term_of_weeks_has_no_day_of_the_month_to_keep() {
        Anchor weekly = Anchor.at(at("2023-01-31T10:00:00Z"), UTC, new Term(4, Term.Unit.WEEK));
        assertThat(weekly.movedTo(at("2023-02-28T10:00:00Z"), Term.MONTHLY).dayOfMonth())
                .isEqualTo(28);
    }

    @Test
    void boundaries_are_found_centuries_away() {
        Anchor daily = Anchor.at(at("1970-01-01T00:00:00Z"), UTC, DAILY);
        assertThat(daily.boundaryAfter(at("9998-06-01T12:00:00Z"))).isEqualTo("9998-06-02T00:00:00Z");
        Anchor longest = Anchor.at(at("1970-01-01T00:00:00Z"), UTC, new Term(366, Term.Unit.YEAR));
        assertThat(longest.boundaryAfter(at("2026-01-01T00:00:00Z"))).isEqualTo("2336-01-01T00:00:00Z");
    }

    @Test
    void refuses_what_is_no_day_of_a_month_and_no_iana_zone() {
        Anchor anchor = Anchor.at(at("2024-01-31T15:00:00Z"), UTC, Term.MONTHLY);
        assertThatIllegalArgumentException().isThrownBy(() -> anchor.onDay(0)).withMessage("must be from 1 to 31");
        assertThatIllegalArgumentException().isThrownBy(() -> anchor.onDay(32)).withMessage("must be from 1 to 31");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Anchor.at(at("2024-01-31T15:00:00Z"), ZoneOffset.ofHours(2), Term.MONTHLY))
                .withMessage("must be an IANA time zone such as UTC or Europe/Berlin");
    }

    private static Instant at(String instant) {
        return Instant.parse(instant);
    }
}
