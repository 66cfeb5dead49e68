package ledger.command.domain;

import static ledger.command.domain.Sample.BASIC;
import static ledger.command.domain.Sample.BASIC_QUARTER;
import static ledger.command.domain.Sample.CANCEL_AT_PERIOD_END;
import static ledger.command.domain.Sample.CANCEL_NOW;
import static ledger.command.domain.Sample.DAILY;
import static ledger.command.domain.Sample.ELAPSE;
import static ledger.command.domain.Sample.NEW_YORK;
import static ledger.command.domain.Sample.PRO;
import static ledger.command.domain.Sample.RENEW;
import static ledger.command.domain.Sample.SEATS;
import static ledger.command.domain.Sample.SEATS_YEAR;
import static ledger.command.domain.Sample.changeAtPeriodEnd;
import static ledger.command.domain.Sample.changeNow;
import static ledger.command.domain.Sample.changeQuantity;
import static ledger.command.domain.Sample.flat;
import static ledger.command.domain.Sample.in;
import static ledger.command.domain.Sample.onDay;
import static ledger.command.domain.Sample.once;
import static ledger.command.domain.Sample.quantity;
import static ledger.command.domain.Sample.startingAt;
import static ledger.command.domain.Sample.subscribe;
import static ledger.command.domain.Sample.trial;
import static ledger.command.domain.Story.given;
import static org.assertj.core.api.Assertions.assertThat;

import ledger.api.Problem;
import ledger.api.SubscriptionCommand.Subscribe;
import ledger.api.Term;
import ledger.command.domain.SubscriptionState.Active;
import ledger.command.domain.SubscriptionState.Trialing;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How subscriptions begin. BASIC costs 3100 a month and PRO 6200: 100 and 200 for each day of a month of 31. */
class SubscribingTest {

    @Nested
    class Subscribing {

        @Test
        void starts_the_first_period_and_charges_it() {
            given().when(subscribe(BASIC), "2026-01-15T10:30")
                    .then(
                            "2026-01-15T10:30 subscribed to basic x1, period 1 2026-01-15T10:30 to 2026-02-15T10:30, charged 3100");
        }

        @Test
        void charges_each_unit() {
            given().when(quantity(3, subscribe(SEATS)), "2026-01-15")
                    .then("2026-01-15 subscribed to seats x3, period 1 2026-01-15 to 2026-02-15, charged 9300");
        }

        @Test
        void on_another_day_than_the_anchors_charges_the_part_of_the_term_that_is_left() {
            given().when(onDay(1, subscribe(BASIC)), "2026-01-16")
                    .then("2026-01-16 subscribed to basic x1, period 1 2026-01-16 to 2026-02-01, charged 1600")
                    .whenItIs("2026-02-02")
                    .then("2026-02-01 renewed on basic, period 2 2026-02-01 to 2026-03-01, charged 3100");
        }

        @Test
        void for_a_quarter_in_the_middle_of_a_month_charges_by_the_days_of_that_quarter() {
            given().when(onDay(17, subscribe(BASIC_QUARTER)), "2026-01-16")
                    .then("2026-01-16 subscribed to basic x1, period 1 2026-01-16 to 2026-01-17, charged 98"); // 1 of
            // 92
            // days
        }

        @Test
        void on_the_last_day_of_a_short_month_for_day_31_is_a_whole_month() {
            given().when(onDay(31, subscribe(BASIC)), "2026-04-30")
                    .then("2026-04-30 subscribed to basic x1, period 1 2026-04-30 to 2026-05-31, charged 3100");
        }

        @Test
        void in_the_hour_that_a_clock_change_repeats_charges_the_whole_price() {
            given().when(in(NEW_YORK, subscribe(flat("daily", DAILY, 3100))), "2025-11-02T06:30") // 01:30 again
                    .then(
                            "2025-11-02T06:30 subscribed to daily x1, period 1 2025-11-02T06:30 to 2025-11-03T06:30, charged 3100");
        }

        @Test
        void may_start_in_the_past_and_its_boundaries_then_come_at_their_own_times() {
            given().when(startingAt("2025-12-15", subscribe(BASIC)), "2026-02-20")
                    .then("2025-12-15 subscribed to basic x1, period 1 2025-12-15 to 2026-01-15, charged 3100")
                    .whenItIs("2026-02-20")
                    .then(
                            "2026-01-15 renewed on basic, period 2 2026-01-15 to 2026-02-15, charged 3100",
                            "2026-02-15 renewed on basic, period 3 2026-02-15 to 2026-03-15, charged 3100");
        }

        @Test
        void may_not_start_in_the_future() {
            given().when(startingAt("2026-01-02", subscribe(BASIC)), "2026-01-01")
                    .thenRefused(Problem.START_IN_FUTURE)
                    .when(startingAt("2026-01-01", subscribe(BASIC)), "2026-01-01")
                    .then("2026-01-01 subscribed to basic x1, period 1 2026-01-01 to 2026-02-01, charged 3100");
        }

        @Test
        void may_not_start_so_long_ago_that_more_than_a_thousand_periods_were_to_be_made_up_for() {
            Subscribe daily = startingAt("2024-01-01", subscribe(flat("daily", DAILY, 100)));
            given().when(daily, "2026-09-27T00:00:00.000001")
                    .thenRefused(Problem.START_TOO_EARLY)
                    .when(once(daily), "2026-09-28")
                    .then("2024-01-01 subscribed to daily x1, period 1 2024-01-01 to 2024-01-02, charged 100");
            given().when(daily, "2026-09-27")
                    .then("2024-01-01 subscribed to daily x1, period 1 2024-01-01 to 2024-01-02, charged 100");
            given().when(startingAt("1970-01-01", subscribe(BASIC)), "2026-01-01")
                    .then("1970-01-01 subscribed to basic x1, period 1 1970-01-01 to 1970-02-01, charged 3100");
        }

        @Test
        void for_nothing_charges_nothing_for_ever() {
            given().when(subscribe(flat("free", Term.MONTHLY, 0)), "2026-01-01")
                    .then("2026-01-01 subscribed to free x1, period 1 2026-01-01 to 2026-02-01, charged 0")
                    .whenItIs("2026-02-02")
                    .then("2026-02-01 renewed on free, period 2 2026-02-01 to 2026-03-01, charged 0");
        }
    }

    @Nested
    class A_trial {

        @Test
        void is_free_and_the_first_paid_period_is_anchored_where_it_ends() {
            given().when(trial(14, subscribe(BASIC)), "2026-01-31")
                    .then("2026-01-31 subscribed to basic x1, trial 2026-01-31 to 2026-02-14, charged 0")
                    .whenItIs("2026-03-15")
                    .then(
                            "2026-02-14 activated on basic, period 1 2026-02-14 to 2026-03-14, charged 3100",
                            "2026-03-14 renewed on basic, period 2 2026-03-14 to 2026-04-14, charged 3100");
        }

        @Test
        void of_four_weeks_from_31_january_makes_28_the_day_of_the_month() {
            given(trial(28, subscribe(BASIC)), "2026-01-31")
                    .whenItIs("2026-03-01")
                    .then("2026-02-28 activated on basic, period 1 2026-02-28 to 2026-03-28, charged 3100");
        }

        @Test
        void counts_local_days_across_a_clock_change() {
            given().when(in(NEW_YORK, trial(14, subscribe(BASIC))), "2024-03-01T17:00") // 12:00
                    .then(
                            "2024-03-01T17:00 subscribed to basic x1, trial 2024-03-01T17:00 to 2024-03-15T16:00, charged 0");
        }

        @Test
        void with_an_anchor_day_is_followed_by_a_shorter_period() {
            given(onDay(1, trial(14, subscribe(BASIC))), "2026-01-01")
                    .whenItIs("2026-02-02")
                    .then(
                            "2026-01-15 activated on basic, period 1 2026-01-15 to 2026-02-01, charged 1700",
                            "2026-02-01 renewed on basic, period 2 2026-02-01 to 2026-03-01, charged 3100");
        }

        @Test
        void is_live_until_the_very_instant_that_it_ends() {
            Story trial = given(trial(14, subscribe(BASIC)), "2026-01-31");
            assertThat(trial.state()).isInstanceOf(Trialing.class);
            trial.when(ELAPSE, "2026-02-13T23:59:59.999999").thenNothing();
            trial.when(ELAPSE, "2026-02-14")
                    .then("2026-02-14 activated on basic, period 1 2026-02-14 to 2026-03-14, charged 3100");
            assertThat(trial.state()).isInstanceOf(Active.class);
        }

        @Test
        void that_is_canceled_owes_nothing() {
            given(trial(14, subscribe(BASIC)), "2026-01-31")
                    .when(CANCEL_NOW, "2026-02-03")
                    .then("2026-02-03 canceled in period 0, unused 0");
        }

        @Test
        void that_is_to_be_canceled_ends_unpaid() {
            given(trial(14, subscribe(BASIC)), "2026-01-31")
                    .when(CANCEL_AT_PERIOD_END, "2026-02-03")
                    .then("2026-02-03 to be canceled at 2026-02-14")
                    .whenItIs("2026-02-15")
                    .then("2026-02-14 canceled in period 0, unused 0");
        }

        @Test
        void without_auto_renewal_expires_unless_the_first_period_is_bought() {
            given(once(trial(14, subscribe(BASIC))), "2026-01-31")
                    .whenItIs("2026-02-15")
                    .then("2026-02-14 expired after period 0");
            given(once(trial(14, subscribe(BASIC))), "2026-01-31")
                    .when(RENEW, "2026-02-01")
                    .then("2026-02-01 renewed on basic, period 1 2026-02-14 to 2026-03-14, charged 3100")
                    .whenItIs("2026-03-15")
                    .then("2026-02-14 started, period 1 2026-02-14 to 2026-03-14", "2026-03-14 expired after period 1");
        }

        @Test
        void takes_other_plans_terms_and_quantities_free_of_charge() {
            given(trial(14, subscribe(SEATS)), "2026-01-31")
                    .when(changeQuantity(3), "2026-02-01")
                    .then("2026-02-01 quantity 3, credited 0, charged 0")
                    .when(changeNow(SEATS_YEAR), "2026-02-02")
                    .then("2026-02-02 changed to seats x3, trial 2026-01-31 to 2026-02-14, credited 0, charged 0")
                    .whenItIs("2026-02-15")
                    .then("2026-02-14 activated on seats, period 1 2026-02-14 to 2027-02-14, charged 109500");
        }

        @Test
        void with_an_anchor_day_keeps_it_for_another_term() {
            given(onDay(31, trial(14, subscribe(BASIC))), "2026-02-01")
                    .and(changeAtPeriodEnd(BASIC_QUARTER), "2026-02-02")
                    .whenItIs("2026-02-16")
                    .then(
                            "2026-02-15 changed to basic x1, trial 2026-02-01 to 2026-02-15, credited 0, charged 0",
                            "2026-02-15 activated on basic, period 1 2026-02-15 to 2026-02-28, charged 1300"); // 13 of
            // 90
            // days
        }

        @Test
        void that_has_a_shorter_first_period_bought_ahead_reprices_that_part_only() {
            given(once(onDay(1, trial(14, subscribe(BASIC)))), "2026-01-01")
                    .when(RENEW, "2026-01-05")
                    .then("2026-01-05 renewed on basic, period 1 2026-01-15 to 2026-02-01, charged 1700")
                    .when(changeNow(PRO), "2026-01-06")
                    .then(
                            "2026-01-06 changed to pro x1, trial 2026-01-01 to 2026-01-15, then period 1 2026-01-15 to 2026-02-01, credited 1700, charged 3400");
        }
    }
}
