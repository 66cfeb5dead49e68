package ledger.command.domain;

import static ledger.command.domain.Sample.AUTO_RENEW_OFF;
import static ledger.command.domain.Sample.AUTO_RENEW_ON;
import static ledger.command.domain.Sample.BASIC;
import static ledger.command.domain.Sample.BASIC_QUARTER;
import static ledger.command.domain.Sample.BASIC_YEAR;
import static ledger.command.domain.Sample.CANCEL_AT_PERIOD_END;
import static ledger.command.domain.Sample.CANCEL_NOW;
import static ledger.command.domain.Sample.DAILY;
import static ledger.command.domain.Sample.CORRECT;
import static ledger.command.domain.Sample.ELAPSE;
import static ledger.command.domain.Sample.EXPIRE;
import static ledger.command.domain.Sample.ID;
import static ledger.command.domain.Sample.NEW_YORK;
import static ledger.command.domain.Sample.PAUSE;
import static ledger.command.domain.Sample.PRO;
import static ledger.command.domain.Sample.REINSTATE;
import static ledger.command.domain.Sample.RENEW;
import static ledger.command.domain.Sample.RESUME;
import static ledger.command.domain.Sample.SEATS;
import static ledger.command.domain.Sample.SEATS_YEAR;
import static ledger.command.domain.Sample.WITHDRAW;
import static ledger.command.domain.Sample.because;
import static ledger.command.domain.Sample.changeAtPeriodEnd;
import static ledger.command.domain.Sample.changeNow;
import static ledger.command.domain.Sample.changeQuantity;
import static ledger.command.domain.Sample.flat;
import static ledger.command.domain.Sample.in;
import static ledger.command.domain.Sample.inCurrency;
import static ledger.command.domain.Sample.ofProduct;
import static ledger.command.domain.Sample.onDay;
import static ledger.command.domain.Sample.once;
import static ledger.command.domain.Sample.pauseUntil;
import static ledger.command.domain.Sample.plan;
import static ledger.command.domain.Sample.quantity;
import static ledger.command.domain.Sample.startingAt;
import static ledger.command.domain.Sample.subscribe;
import static ledger.command.domain.Sample.trial;
import static ledger.command.domain.Sample.usd;
import static ledger.command.domain.Story.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import ledger.api.EventTypes;
import ledger.api.Money;
import ledger.api.Offer;
import ledger.api.Price;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.api.SubscriptionCommand;
import ledger.api.SubscriptionEvent;
import ledger.api.Term;
import ledger.command.domain.SubscriptionState.Active;
import ledger.command.domain.SubscriptionState.Ended;
import ledger.command.domain.SubscriptionState.Live;
import ledger.command.domain.SubscriptionState.Trialing;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

/** What a subscription may do, and when. BASIC costs 3100 a month and PRO 6200: 100 and 200 for each day of a month of 31. */
class DecideTest {

    @Nested
    class Every_command_in_every_state {

        private static final String NOW = "2026-01-10";

        private static final List<Story> STATES = List.of(
                given(),
                given(trial(14, subscribe(BASIC)), "2026-01-01"),
                given(subscribe(BASIC), "2026-01-01"),
                given(subscribe(BASIC), "2026-01-01").and(CANCEL_AT_PERIOD_END, "2026-01-05"),
                given(subscribe(BASIC), "2026-01-01").and(PAUSE, "2026-01-05"),
                given(subscribe(BASIC), "2026-01-01").and(CANCEL_NOW, "2026-01-05"),
                given(once(subscribe(BASIC)), "2025-12-01").and(ELAPSE, "2026-01-01"));

        private static final Map<String, SubscriptionCommand> COMMANDS = Map.ofEntries(
                Map.entry("Subscribe", subscribe(BASIC)),
                Map.entry("Cancel now", CANCEL_NOW),
                Map.entry("Cancel at period end", CANCEL_AT_PERIOD_END),
                Map.entry("Reinstate", REINSTATE),
                Map.entry("Renew", RENEW),
                Map.entry("Expire", EXPIRE),
                Map.entry("SetAutoRenew on", AUTO_RENEW_ON),
                Map.entry("SetAutoRenew off", AUTO_RENEW_OFF),
                Map.entry("ChangePlan now", changeNow(PRO)),
                Map.entry("ChangePlan at period end", changeAtPeriodEnd(PRO)),
                Map.entry("ChangePlan to its own", changeNow(BASIC)),
                Map.entry("WithdrawPlanChange", WITHDRAW),
                Map.entry("ChangeQuantity", changeQuantity(2)),
                Map.entry("ChangeQuantity to its own", changeQuantity(1)),
                Map.entry("Pause", PAUSE),
                Map.entry("Resume", RESUME),
                Map.entry("Correct", CORRECT),
                Map.entry("Elapse", ELAPSE));

        @ParameterizedTest(name = "{0}")
        @CsvSource(delimiter = '|', textBlock = """
                #                        | unborn                 | trialing              | active                | about to be canceled   | paused                | canceled              | expired
                Subscribe                | subscribed             | subscription-exists   | subscription-exists   | subscription-exists    | subscription-exists   | subscription-exists   | subscription-exists
                Cancel now               | subscription-not-found | canceled              | canceled              | canceled               | canceled              | nothing               | nothing
                Cancel at period end     | subscription-not-found | cancellation-scheduled| cancellation-scheduled| nothing                | cancellation-scheduled| nothing               | nothing
                Reinstate                | subscription-not-found | nothing               | nothing               | reinstated             | nothing               | subscription-ended    | subscription-ended
                Renew                    | subscription-not-found | renews-automatically  | renews-automatically  | cancellation-scheduled | subscription-paused   | subscription-canceled | renewed
                Expire                   | subscription-not-found | not-due               | not-due               | not-due                | not-due               | nothing               | nothing
                SetAutoRenew on          | subscription-not-found | nothing               | nothing               | nothing                | nothing               | subscription-ended    | subscription-ended
                SetAutoRenew off         | subscription-not-found | auto-renew-set        | auto-renew-set        | auto-renew-set         | auto-renew-set        | subscription-ended    | subscription-ended
                ChangePlan now           | subscription-not-found | plan-changed          | plan-changed          | plan-changed           | plan-changed          | subscription-ended    | subscription-ended
                ChangePlan at period end | subscription-not-found | plan-change-scheduled | plan-change-scheduled | cancellation-scheduled | plan-change-scheduled | subscription-ended    | subscription-ended
                ChangePlan to its own    | subscription-not-found | nothing               | nothing               | nothing                | nothing               | subscription-ended    | subscription-ended
                WithdrawPlanChange       | subscription-not-found | nothing               | nothing               | nothing                | nothing               | subscription-ended    | subscription-ended
                ChangeQuantity           | subscription-not-found | quantity-changed      | quantity-changed      | quantity-changed       | quantity-changed      | subscription-ended    | subscription-ended
                ChangeQuantity to its own| subscription-not-found | nothing               | nothing               | nothing                | nothing               | subscription-ended    | subscription-ended
                Pause                    | subscription-not-found | paused                | paused                | paused                 | nothing               | subscription-ended    | subscription-ended
                Resume                   | subscription-not-found | nothing               | nothing               | nothing                | resumed               | subscription-ended    | subscription-ended
                Correct                  | subscription-not-found | corrected             | corrected             | corrected              | corrected             | corrected             | corrected
                Elapse                   | subscription-not-found | nothing               | nothing               | nothing                | nothing               | nothing               | nothing
                """)
        void has_one_answer(ArgumentsAccessor row) {
            SubscriptionCommand command = Objects.requireNonNull(COMMANDS.get(row.getString(0)));
            for (int state = 0; state < STATES.size(); state++) {
                assertThat(answer(STATES.get(state).state(), command))
                        .as(STATES.get(state).state().getClass().getSimpleName())
                        .isEqualTo(row.getString(state + 1));
            }
        }

        @Test
        void no_command_was_forgotten() {
            assertThat(COMMANDS.values().stream()
                            .<Class<?>>map(Object::getClass)
                            .distinct())
                    .containsExactlyInAnyOrder(SubscriptionCommand.class.getPermittedSubclasses());
        }

        private static String answer(SubscriptionState state, SubscriptionCommand command) {
            try {
                List<SubscriptionEvent> events = Decide.decide(state, command, Telling.instant(NOW));
                assertThat(events).hasSizeLessThanOrEqualTo(1);
                return events.isEmpty()
                        ? "nothing"
                        : EventTypes.of(events.getFirst().getClass()).value().substring("subscription.".length());
            } catch (Rejected rejected) {
                return rejected.problem().code();
            }
        }
    }

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

    @Nested
    class Canceling {

        @Test
        void now_ends_it_at_once_and_states_the_value_of_what_is_unused() {
            Story canceled = given(subscribe(BASIC), "2026-01-01")
                    .when(because("too dear", CANCEL_NOW), "2026-01-11")
                    .then("2026-01-11 canceled in period 1, unused 2100: too dear");
            assertThat(canceled.state()).isInstanceOf(Ended.class);
        }

        @Test
        void now_counts_a_period_that_was_bought_in_advance() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(RENEW, "2026-01-05")
                    .when(CANCEL_NOW, "2026-01-11")
                    .then("2026-01-11 canceled in period 1, unused 5200");
        }

        @Test
        void now_rounds_half_up_to_the_minor_unit() {
            given(subscribe(flat("cent", Term.MONTHLY, 1)), "2026-02-01")
                    .when(CANCEL_NOW, "2026-02-15")
                    .then("2026-02-15 canceled in period 1, unused 1"); // half a cent
            given(subscribe(flat("cent", Term.MONTHLY, 1)), "2026-02-01")
                    .when(CANCEL_NOW, "2026-02-15T00:00:00.000001")
                    .then("2026-02-15T00:00:00.000001 canceled in period 1, unused 0");
        }

        @Test
        void a_shorter_first_period_gives_back_a_share_of_what_that_cost() {
            given(onDay(1, subscribe(BASIC)), "2026-01-16")
                    .when(CANCEL_NOW, "2026-01-24")
                    .then("2026-01-24 canceled in period 1, unused 800");
        }

        @Test
        void at_the_period_end_keeps_access_until_the_boundary() {
            Story leaving = given(subscribe(BASIC), "2026-01-01")
                    .when(because("too dear", CANCEL_AT_PERIOD_END), "2026-01-10")
                    .then("2026-01-10 to be canceled at 2026-02-01: too dear");
            leaving.whenItIs("2026-02-01").thenNothing();
            assertThat(leaving.state()).isInstanceOf(Live.class);
            leaving.when(ELAPSE, "2026-02-01").then("2026-02-01 canceled in period 1, unused 0: too dear");
        }

        @Test
        void at_the_period_end_means_the_end_of_what_is_bought() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(RENEW, "2026-01-05")
                    .when(CANCEL_AT_PERIOD_END, "2026-01-10")
                    .then("2026-01-10 to be canceled at 2026-03-01")
                    .whenItIs("2026-03-02")
                    .then(
                            "2026-02-01 started, period 2 2026-02-01 to 2026-03-01",
                            "2026-03-01 canceled in period 2, unused 0");
        }

        @Test
        void at_the_period_end_is_a_cancellation_even_where_it_would_have_expired() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(CANCEL_AT_PERIOD_END, "2026-01-10")
                    .whenItIs("2026-02-02")
                    .then("2026-02-01 canceled in period 1, unused 0");
        }

        @Test
        void can_be_taken_back_until_the_boundary() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(CANCEL_AT_PERIOD_END, "2026-01-10")
                    .when(REINSTATE, "2026-01-20")
                    .then("2026-01-20 reinstated")
                    .whenItIs("2026-02-02")
                    .then("2026-02-01 renewed on basic, period 2 2026-02-01 to 2026-03-01, charged 3100");
        }

        @Test
        void cannot_be_taken_back_after_it_even_if_nobody_noticed_the_boundary() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(CANCEL_AT_PERIOD_END, "2026-01-10")
                    .when(REINSTATE, "2026-02-05")
                    .thenRefused(Problem.SUBSCRIPTION_ENDED);
        }

        @Test
        void now_is_still_possible_when_the_end_is_scheduled() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(CANCEL_AT_PERIOD_END, "2026-01-10")
                    .when(CANCEL_NOW, "2026-01-11")
                    .then("2026-01-11 canceled in period 1, unused 2100");
        }

        @Test
        void takes_precedence_over_a_scheduled_plan_change() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(changeAtPeriodEnd(PRO), "2026-01-05")
                    .and(CANCEL_AT_PERIOD_END, "2026-01-10")
                    .whenItIs("2026-02-02")
                    .then("2026-02-01 canceled in period 1, unused 0");
        }
    }

    @Nested
    class Renewing {

        @Test
        void by_itself_starts_at_the_boundary_and_never_at_now() {
            given(subscribe(BASIC), "2026-01-31")
                    .whenItIs("2026-05-01")
                    .then(
                            "2026-02-28 renewed on basic, period 2 2026-02-28 to 2026-03-31, charged 3100",
                            "2026-03-31 renewed on basic, period 3 2026-03-31 to 2026-04-30, charged 3100",
                            "2026-04-30 renewed on basic, period 4 2026-04-30 to 2026-05-31, charged 3100")
                    .whenItIs("2026-05-01")
                    .thenNothing();
        }

        @Test
        void by_the_year_lasts_a_year() {
            given(subscribe(BASIC_YEAR), "2024-02-29")
                    .whenItIs("2026-03-01")
                    .then(
                            "2025-02-28 renewed on basic, period 2 2025-02-28 to 2026-02-28, charged 36500",
                            "2026-02-28 renewed on basic, period 3 2026-02-28 to 2027-02-28, charged 36500");
        }

        @Test
        void by_a_person_buys_one_period_ahead_and_no_more() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .when(RENEW, "2026-01-20")
                    .then("2026-01-20 renewed on basic, period 2 2026-02-01 to 2026-03-01, charged 3100")
                    .when(RENEW, "2026-01-21")
                    .thenNothing()
                    .whenItIs("2026-03-05")
                    .then("2026-02-01 started, period 2 2026-02-01 to 2026-03-01", "2026-03-01 expired after period 2");
        }

        @Test
        void by_a_person_at_the_very_end_starts_the_next_period_at_once() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .when(RENEW, "2026-02-01")
                    .then("2026-02-01 renewed on basic, period 2 2026-02-01 to 2026-03-01, charged 3100")
                    .whenItIs("2026-03-05")
                    .then("2026-03-01 expired after period 2");
        }

        @Test
        void by_a_person_at_the_very_end_carries_out_the_scheduled_plan_change() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(changeAtPeriodEnd(PRO), "2026-01-10")
                    .when(RENEW, "2026-02-01")
                    .then(
                            "2026-02-01 changed to pro x1, period 1 2026-01-01 to 2026-02-01, credited 0, charged 0",
                            "2026-02-01 renewed on pro, period 2 2026-02-01 to 2026-03-01, charged 6200")
                    .when(RENEW, "2026-02-02")
                    .then("2026-02-02 renewed on pro, period 3 2026-03-01 to 2026-04-01, charged 6200");
        }

        @Test
        void by_a_person_at_the_very_end_of_a_trial_activates_it() {
            given(once(trial(14, subscribe(BASIC))), "2026-01-01")
                    .when(RENEW, "2026-01-15")
                    .then("2026-01-15 activated on basic, period 1 2026-01-15 to 2026-02-15, charged 3100");
        }

        @Test
        void in_advance_buys_what_is_scheduled_for_the_next_period() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(changeAtPeriodEnd(PRO), "2026-01-10")
                    .when(RENEW, "2026-01-20")
                    .then("2026-01-20 renewed on pro, period 2 2026-02-01 to 2026-03-01, charged 6200")
                    .when(ELAPSE, "2026-02-01")
                    .then(
                            "2026-02-01 changed to pro x1, period 1 2026-01-01 to 2026-02-01, then period 2 2026-02-01 to 2026-03-01, credited 0, charged 0",
                            "2026-02-01 started, period 2 2026-02-01 to 2026-03-01");
        }

        @Test
        void after_expiry_starts_a_new_period_from_now_with_a_new_anchor() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(ELAPSE, "2026-02-01")
                    .when(RENEW, "2026-03-31T08:00")
                    .then(
                            "2026-03-31T08:00 renewed on basic, period 2 2026-03-31T08:00 to 2026-04-30T08:00, charged 3100")
                    .and(AUTO_RENEW_ON, "2026-04-01")
                    .whenItIs("2026-05-01")
                    .then(
                            "2026-04-30T08:00 renewed on basic, period 3 2026-04-30T08:00 to 2026-05-31T08:00, charged 3100");
        }

        @Test
        void after_an_expiry_that_nobody_noticed_first_states_the_expiry() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .when(RENEW, "2026-03-10")
                    .then(
                            "2026-02-01 expired after period 1",
                            "2026-03-10 renewed on basic, period 2 2026-03-10 to 2026-04-10, charged 3100");
        }

        @Test
        void after_expiry_forgets_what_was_scheduled_for_the_period_that_never_came() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(changeAtPeriodEnd(PRO), "2026-01-10")
                    .and(ELAPSE, "2026-02-01")
                    .when(RENEW, "2026-03-10")
                    .then("2026-03-10 renewed on basic, period 2 2026-03-10 to 2026-04-10, charged 3100");
        }

        @Test
        void is_refused_while_it_renews_by_itself_or_is_about_to_end() {
            given(subscribe(BASIC), "2026-01-01")
                    .when(RENEW, "2026-01-10")
                    .thenRefused(Problem.RENEWS_AUTOMATICALLY)
                    .and(AUTO_RENEW_OFF, "2026-01-11")
                    .and(CANCEL_AT_PERIOD_END, "2026-01-12")
                    .when(RENEW, "2026-01-13")
                    .thenRefused(Problem.CANCELLATION_SCHEDULED);
        }

        @Test
        void goes_on_after_a_period_bought_ahead_once_auto_renewal_is_on_again() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(RENEW, "2026-01-05")
                    .and(AUTO_RENEW_ON, "2026-01-06")
                    .whenItIs("2026-03-02")
                    .then(
                            "2026-02-01 started, period 2 2026-02-01 to 2026-03-01",
                            "2026-03-01 renewed on basic, period 3 2026-03-01 to 2026-04-01, charged 3100");
        }
    }

    @Nested
    class Expiring {

        @Test
        void happens_where_auto_renewal_is_off_and_never_where_it_is_on() {
            given(subscribe(BASIC), "2026-01-01")
                    .when(AUTO_RENEW_OFF, "2026-01-10")
                    .then("2026-01-10 auto-renew off")
                    .whenItIs("2026-04-01")
                    .then("2026-02-01 expired after period 1");
            given(once(subscribe(BASIC)), "2026-01-01")
                    .when(AUTO_RENEW_ON, "2026-01-10")
                    .then("2026-01-10 auto-renew on")
                    .whenItIs("2026-02-02")
                    .then("2026-02-01 renewed on basic, period 2 2026-02-01 to 2026-03-01, charged 3100");
        }

        @Test
        void by_a_person_is_refused_until_it_is_due() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .when(EXPIRE, "2026-01-31T23:59")
                    .thenRefused(Problem.NOT_DUE)
                    .when(EXPIRE, "2026-02-01")
                    .then("2026-02-01 expired after period 1")
                    .when(EXPIRE, "2026-02-01")
                    .thenNothing();
        }

        @Test
        void by_a_person_who_comes_late_is_effective_at_the_boundary() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .when(EXPIRE, "2026-02-05")
                    .then("2026-02-01 expired after period 1");
        }

        @Test
        void by_a_person_is_refused_at_a_boundary_that_renews_or_cancels() {
            given(subscribe(BASIC), "2026-01-01").when(EXPIRE, "2026-02-01").thenRefused(Problem.NOT_DUE);
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(CANCEL_AT_PERIOD_END, "2026-01-02")
                    .when(EXPIRE, "2026-02-01")
                    .thenRefused(Problem.NOT_DUE);
        }
    }

    @Nested
    class Changing_the_plan {

        @Test
        void now_credits_the_unused_part_and_charges_the_rest_on_the_same_anchor() {
            given(subscribe(BASIC), "2026-01-01")
                    .when(changeNow(PRO), "2026-01-11")
                    .then(
                            "2026-01-11 changed to pro x1, period 1 2026-01-01 to 2026-02-01, credited 2100, charged 4200")
                    .when(changeNow(BASIC), "2026-01-21")
                    .then(
                            "2026-01-21 changed to basic x1, period 1 2026-01-01 to 2026-02-01, credited 2200, charged 1100")
                    .whenItIs("2026-02-02")
                    .then("2026-02-01 renewed on basic, period 2 2026-02-01 to 2026-03-01, charged 3100");
        }

        @Test
        void credits_what_was_actually_charged_and_not_todays_price() {
            Offer dearer = flat("basic", Term.MONTHLY, 9300);
            given(onDay(1, subscribe(BASIC)), "2026-01-16")
                    .when(changeNow(dearer), "2026-01-24")
                    .then(
                            "2026-01-24 changed to basic x1, period 1 2026-01-16 to 2026-02-01, credited 800, charged 2400")
                    .when(CANCEL_NOW, "2026-01-28")
                    .then("2026-01-28 canceled in period 1, unused 1200");
        }

        @Test
        void to_a_version_at_the_same_price_charges_what_it_credits() {
            Offer newer = flat("basic-2", Term.MONTHLY, 3100);
            given(subscribe(BASIC), "2026-01-01")
                    .and(changeNow(PRO), "2026-01-05T03:17")
                    .and(changeNow(BASIC), "2026-01-07T11:41:23")
                    .when(changeNow(newer), "2026-01-11T01:02:03")
                    .then(
                            "2026-01-11T01:02:03 changed to basic-2 x1, period 1 2026-01-01 to 2026-02-01, credited 2095, charged 2095");
        }

        @Test
        void now_to_another_term_starts_a_new_period_and_anchor_now() {
            given(subscribe(BASIC), "2026-01-01")
                    .when(changeNow(BASIC_YEAR), "2026-01-11T12:00")
                    .then(
                            "2026-01-11T12:00 changed to basic x1, period 2 2026-01-11T12:00 to 2027-01-11T12:00, credited 2050, charged 36500")
                    .whenItIs("2027-01-12")
                    .then(
                            "2027-01-11T12:00 renewed on basic, period 3 2027-01-11T12:00 to 2028-01-11T12:00, charged 36500");
        }

        @Test
        void now_reprices_a_period_that_was_bought_in_advance() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(RENEW, "2026-01-05")
                    .when(changeNow(PRO), "2026-01-11")
                    .then(
                            "2026-01-11 changed to pro x1, period 1 2026-01-01 to 2026-02-01, then period 2 2026-02-01 to 2026-03-01, credited 5200, charged 10400")
                    .whenItIs("2026-02-02")
                    .then("2026-02-01 started, period 2 2026-02-01 to 2026-03-01");
        }

        @Test
        void now_to_another_term_credits_a_period_that_was_bought_in_advance() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(RENEW, "2026-01-05")
                    .when(changeNow(BASIC_YEAR), "2026-01-11")
                    .then(
                            "2026-01-11 changed to basic x1, period 2 2026-01-11 to 2027-01-11, credited 5200, charged 36500");
        }

        @Test
        void now_buys_the_next_period_anew_where_another_term_was_bought_in_advance() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(changeAtPeriodEnd(BASIC_YEAR), "2026-01-02")
                    .when(RENEW, "2026-01-05")
                    .then("2026-01-05 renewed on basic, period 2 2026-02-01 to 2027-02-01, charged 36500")
                    .when(changeNow(PRO), "2026-01-11")
                    .then(
                            "2026-01-11 changed to pro x1, period 1 2026-01-01 to 2026-02-01, then period 2 2026-02-01 to 2026-03-01, credited 38600, charged 10400");
        }

        @Test
        void at_the_period_end_takes_effect_with_the_next_period() {
            given(subscribe(BASIC), "2026-01-01")
                    .when(changeAtPeriodEnd(PRO), "2026-01-10")
                    .then("2026-01-10 to be changed to pro at 2026-02-01")
                    .whenItIs("2026-03-02")
                    .then(
                            "2026-02-01 changed to pro x1, period 1 2026-01-01 to 2026-02-01, credited 0, charged 0",
                            "2026-02-01 renewed on pro, period 2 2026-02-01 to 2026-03-01, charged 6200",
                            "2026-03-01 renewed on pro, period 3 2026-03-01 to 2026-04-01, charged 6200");
        }

        @Test
        void at_the_period_end_to_another_term_keeps_the_day_of_the_month() {
            given(subscribe(BASIC), "2026-01-31")
                    .and(changeAtPeriodEnd(BASIC_QUARTER), "2026-02-10")
                    .whenItIs("2026-06-01")
                    .then(
                            "2026-02-28 changed to basic x1, period 1 2026-01-31 to 2026-02-28, credited 0, charged 0",
                            "2026-02-28 renewed on basic, period 2 2026-02-28 to 2026-05-31, charged 9000",
                            "2026-05-31 renewed on basic, period 3 2026-05-31 to 2026-08-31, charged 9000");
        }

        @Test
        void at_the_period_end_may_be_replaced_or_withdrawn_before() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(changeAtPeriodEnd(PRO), "2026-01-10")
                    .when(changeAtPeriodEnd(PRO), "2026-01-10")
                    .thenNothing()
                    .when(changeAtPeriodEnd(BASIC_QUARTER), "2026-01-11")
                    .then("2026-01-11 to be changed to basic at 2026-02-01")
                    .when(WITHDRAW, "2026-01-12")
                    .then("2026-01-12 change withdrawn")
                    .whenItIs("2026-02-02")
                    .then("2026-02-01 renewed on basic, period 2 2026-02-01 to 2026-03-01, charged 3100");
        }

        @Test
        void to_the_plan_that_it_is_on_withdraws_what_was_scheduled() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(changeAtPeriodEnd(PRO), "2026-01-10")
                    .when(changeAtPeriodEnd(BASIC), "2026-01-11")
                    .then("2026-01-11 change withdrawn");
        }

        @Test
        void now_replaces_what_was_scheduled() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(changeAtPeriodEnd(BASIC_YEAR), "2026-01-10")
                    .and(changeNow(PRO), "2026-01-11")
                    .whenItIs("2026-02-02")
                    .then("2026-02-01 renewed on pro, period 2 2026-02-01 to 2026-03-01, charged 6200");
        }

        @Test
        void at_the_period_end_is_refused_where_there_is_no_open_next_period() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(RENEW, "2026-01-05")
                    .when(changeAtPeriodEnd(PRO), "2026-01-06")
                    .thenRefused(Problem.NEXT_PERIOD_BOUGHT);
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(changeAtPeriodEnd(PRO), "2026-01-04")
                    .and(RENEW, "2026-01-05")
                    .when(WITHDRAW, "2026-01-06")
                    .thenRefused(Problem.NEXT_PERIOD_BOUGHT);
            given(subscribe(BASIC), "2026-01-01")
                    .and(CANCEL_AT_PERIOD_END, "2026-01-05")
                    .when(changeAtPeriodEnd(PRO), "2026-01-06")
                    .thenRefused(Problem.CANCELLATION_SCHEDULED);
        }

        @Test
        void keeps_to_its_product_and_currency() {
            given(subscribe(BASIC), "2026-01-01")
                    .when(changeNow(ofProduct("other", PRO)), "2026-01-02")
                    .thenRefused(Problem.OTHER_PRODUCT)
                    .when(changeAtPeriodEnd(inCurrency("EUR", PRO)), "2026-01-02")
                    .thenRefused(Problem.OTHER_CURRENCY);
        }
    }

    @Nested
    class Changing_the_quantity {

        @Test
        void charges_or_credits_the_difference_for_the_rest() {
            given(subscribe(SEATS), "2026-01-01")
                    .when(changeQuantity(3), "2026-01-11")
                    .then("2026-01-11 quantity 3, credited 0, charged 4200")
                    .when(changeQuantity(1), "2026-01-21")
                    .then("2026-01-21 quantity 1, credited 2200, charged 0")
                    .whenItIs("2026-02-02")
                    .then("2026-02-01 renewed on seats, period 2 2026-02-01 to 2026-03-01, charged 3100");
        }

        @Test
        void costs_nothing_where_the_price_is_for_all() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(changeNow(PRO), "2026-01-05T03:17")
                    .when(changeQuantity(7), "2026-01-11T01:02:03")
                    .then("2026-01-11T01:02:03 quantity 7, credited 0, charged 0");
        }

        @Test
        void counts_for_a_period_that_was_bought_in_advance() {
            given(once(quantity(2, subscribe(SEATS))), "2026-01-01")
                    .and(RENEW, "2026-01-05")
                    .when(changeQuantity(3), "2026-01-11")
                    .then("2026-01-11 quantity 3, then period 2 2026-02-01 to 2026-03-01, credited 0, charged 5200");
        }

        @Test
        void counts_by_each_periods_own_term() {
            given(once(subscribe(SEATS)), "2026-01-01")
                    .and(changeAtPeriodEnd(SEATS_YEAR), "2026-01-02")
                    .and(RENEW, "2026-01-05")
                    .when(changeQuantity(2), "2026-01-11")
                    .then("2026-01-11 quantity 2, then period 2 2026-02-01 to 2027-02-01, credited 0, charged 38600");
        }
    }

    @Nested
    class Pausing {

        @Test
        void makes_every_boundary_later_by_its_length() {
            given(subscribe(BASIC), "2026-01-01")
                    .when(PAUSE, "2026-01-11")
                    .then("2026-01-11 paused")
                    .when(RESUME, "2026-01-21")
                    .then("2026-01-21 resumed, period 1 2026-01-01 to 2026-02-11")
                    .whenItIs("2026-03-12")
                    .then(
                            "2026-02-11 renewed on basic, period 2 2026-02-11 to 2026-03-11, charged 3100",
                            "2026-03-11 renewed on basic, period 3 2026-03-11 to 2026-04-11, charged 3100");
        }

        @Test
        void lets_nothing_renew_expire_or_end() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(PAUSE, "2026-01-11")
                    .whenItIs("2030-01-01")
                    .thenNothing();
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(PAUSE, "2026-01-11")
                    .whenItIs("2030-01-01")
                    .thenNothing();
            given(subscribe(BASIC), "2026-01-01")
                    .and(CANCEL_AT_PERIOD_END, "2026-01-05")
                    .and(PAUSE, "2026-01-11")
                    .whenItIs("2030-01-01")
                    .thenNothing();
        }

        @Test
        void ends_by_itself_at_the_time_that_was_named_however_late_that_is_noticed() {
            given(subscribe(BASIC), "2026-01-01")
                    .when(pauseUntil("2026-01-21"), "2026-01-11")
                    .then("2026-01-11 paused until 2026-01-21")
                    .whenItIs("2026-03-01")
                    .then(
                            "2026-01-21 resumed, period 1 2026-01-01 to 2026-02-11",
                            "2026-02-11 renewed on basic, period 2 2026-02-11 to 2026-03-11, charged 3100");
        }

        @Test
        void at_the_very_boundary_comes_before_the_renewal_which_then_waits() {
            given(subscribe(BASIC), "2026-01-01")
                    .when(pauseUntil("2026-02-10"), "2026-02-01")
                    .then("2026-02-01 paused until 2026-02-10")
                    .when(ELAPSE, "2026-02-10")
                    .then(
                            "2026-02-10 resumed, period 1 2026-01-01 to 2026-02-10",
                            "2026-02-10 renewed on basic, period 2 2026-02-10 to 2026-03-10, charged 3100");
        }

        @Test
        void is_not_counted_as_used() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(PAUSE, "2026-01-11")
                    .when(CANCEL_NOW, "2026-01-15")
                    .then("2026-01-15 canceled in period 1, unused 2100");
            given(subscribe(BASIC), "2026-01-01")
                    .and(PAUSE, "2026-01-11")
                    .and(RESUME, "2026-01-21")
                    .when(CANCEL_NOW, "2026-01-22")
                    .then("2026-01-22 canceled in period 1, unused 2000");
        }

        @Test
        void into_a_shorter_month_does_not_make_the_rest_dearer() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(PAUSE, "2026-01-11")
                    .when(RESUME, "2026-02-25")
                    .then("2026-02-25 resumed, period 1 2026-01-01 to 2026-03-18")
                    .when(changeNow(PRO), "2026-02-25")
                    .then(
                            "2026-02-25 changed to pro x1, period 1 2026-01-01 to 2026-03-18, credited 2100, charged 4200")
                    .and(PAUSE, "2026-02-26")
                    .and(RESUME, "2026-03-30")
                    .when(changeNow(BASIC), "2026-03-30")
                    .then(
                            "2026-03-30 changed to basic x1, period 1 2026-01-01 to 2026-04-19, credited 4000, charged 2000")
                    .whenItIs("2026-04-20")
                    .then("2026-04-19 renewed on basic, period 2 2026-04-19 to 2026-05-19, charged 3100")
                    .when(changeNow(PRO), "2026-04-29")
                    .then(
                            "2026-04-29 changed to pro x1, period 2 2026-04-19 to 2026-05-19, credited 2067, charged 4133"); // 20 of 30 days
        }

        @Test
        void for_no_time_at_all_changes_nothing() {
            given(subscribe(BASIC), "2026-01-31")
                    .and(PAUSE, "2026-02-10")
                    .when(RESUME, "2026-02-10")
                    .then("2026-02-10 resumed, period 1 2026-01-31 to 2026-02-28")
                    .whenItIs("2026-04-01")
                    .then(
                            "2026-02-28 renewed on basic, period 2 2026-02-28 to 2026-03-31, charged 3100",
                            "2026-03-31 renewed on basic, period 3 2026-03-31 to 2026-04-30, charged 3100");
        }

        @Test
        void for_an_hour_keeps_the_day_of_the_month() {
            given(subscribe(BASIC), "2026-01-31")
                    .and(PAUSE, "2026-02-10")
                    .and(RESUME, "2026-02-10T01:00")
                    .whenItIs("2026-03-01")
                    .then(
                            "2026-02-28T01:00 renewed on basic, period 2 2026-02-28T01:00 to 2026-03-31T01:00, charged 3100");
        }

        @Test
        void moves_a_period_that_was_bought_in_advance() {
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(RENEW, "2026-01-05")
                    .and(PAUSE, "2026-01-11")
                    .when(RESUME, "2026-01-21")
                    .then(
                            "2026-01-21 resumed, period 1 2026-01-01 to 2026-02-11, then period 2 2026-02-11 to 2026-03-11")
                    .when(CANCEL_NOW, "2026-01-22")
                    .then("2026-01-22 canceled in period 1, unused 5100");
        }

        @Test
        void in_a_trial_makes_the_trial_end_later() {
            given(trial(14, subscribe(BASIC)), "2026-01-01")
                    .and(PAUSE, "2026-01-05")
                    .when(RESUME, "2026-01-08")
                    .then("2026-01-08 resumed, trial 2026-01-01 to 2026-01-18")
                    .whenItIs("2026-01-19")
                    .then("2026-01-18 activated on basic, period 1 2026-01-18 to 2026-02-18, charged 3100");
        }

        @Test
        void in_a_trial_with_an_anchor_day_makes_that_later_too() {
            given(onDay(1, trial(14, subscribe(BASIC))), "2026-01-01")
                    .and(PAUSE, "2026-01-05")
                    .and(RESUME, "2026-01-08")
                    .whenItIs("2026-01-19")
                    .then("2026-01-18 activated on basic, period 1 2026-01-18 to 2026-02-04, charged 1700");
            given(once(onDay(1, trial(14, subscribe(BASIC)))), "2026-01-01")
                    .and(RENEW, "2026-01-04")
                    .and(PAUSE, "2026-01-05")
                    .when(RESUME, "2026-01-08")
                    .then("2026-01-08 resumed, trial 2026-01-01 to 2026-01-18, then period 1 2026-01-18 to 2026-02-04");
        }

        @Test
        void does_not_hinder_a_change_of_plan() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(PAUSE, "2026-01-11")
                    .when(changeNow(PRO), "2026-01-15")
                    .then(
                            "2026-01-15 changed to pro x1, period 1 2026-01-01 to 2026-02-01, credited 2100, charged 4200")
                    .and(RESUME, "2026-01-21")
                    .when(CANCEL_NOW, "2026-02-01")
                    .then("2026-02-01 canceled in period 1, unused 2000");
        }

        @Test
        void does_not_hinder_a_change_of_term() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(PAUSE, "2026-01-11")
                    .when(changeNow(BASIC_YEAR), "2026-01-15")
                    .then(
                            "2026-01-15 changed to basic x1, period 2 2026-01-11 to 2027-01-11, credited 2100, charged 36500")
                    .when(RESUME, "2026-01-21")
                    .then("2026-01-21 resumed, period 2 2026-01-11 to 2027-01-21");
        }

        @Test
        void must_end_in_the_future_and_at_one_time() {
            given(subscribe(BASIC), "2026-01-01")
                    .when(pauseUntil("2026-01-11"), "2026-01-11")
                    .thenRefused(Problem.RESUME_NOT_IN_FUTURE)
                    .and(pauseUntil("2026-01-21"), "2026-01-11")
                    .when(pauseUntil("2026-01-21"), "2026-01-12")
                    .thenNothing()
                    .when(pauseUntil("2026-01-22"), "2026-01-12")
                    .thenRefused(Problem.SUBSCRIPTION_PAUSED);
        }
    }

    @Nested
    class At_the_very_instant_of_a_deadline {

        @Test
        void a_cancellation_comes_before_the_renewal() {
            given(subscribe(BASIC), "2026-01-01")
                    .when(CANCEL_NOW, "2026-02-01")
                    .then("2026-02-01 canceled in period 1, unused 0");
        }

        @Test
        void a_microsecond_later_it_comes_after_it() {
            given(subscribe(BASIC), "2026-01-01")
                    .when(CANCEL_NOW, "2026-02-01T00:00:00.000001")
                    .then(
                            "2026-02-01 renewed on basic, period 2 2026-02-01 to 2026-03-01, charged 3100",
                            "2026-02-01T00:00:00.000001 canceled in period 2, unused 3100");
        }

        @Test
        void a_scheduled_cancellation_is_carried_out_at_once() {
            given(subscribe(BASIC), "2026-01-01")
                    .when(CANCEL_AT_PERIOD_END, "2026-02-01")
                    .then("2026-02-01 to be canceled at 2026-02-01")
                    .when(ELAPSE, "2026-02-01")
                    .then("2026-02-01 canceled in period 1, unused 0");
        }

        @Test
        void a_cancellation_can_be_taken_back() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(CANCEL_AT_PERIOD_END, "2026-01-10")
                    .when(REINSTATE, "2026-02-01")
                    .then("2026-02-01 reinstated")
                    .when(ELAPSE, "2026-02-01")
                    .then("2026-02-01 renewed on basic, period 2 2026-02-01 to 2026-03-01, charged 3100");
        }

        @Test
        void auto_renewal_can_be_switched() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(AUTO_RENEW_OFF, "2026-02-01")
                    .when(ELAPSE, "2026-02-01")
                    .then("2026-02-01 expired after period 1");
            given(once(subscribe(BASIC)), "2026-01-01")
                    .and(AUTO_RENEW_ON, "2026-02-01")
                    .when(ELAPSE, "2026-02-01")
                    .then("2026-02-01 renewed on basic, period 2 2026-02-01 to 2026-03-01, charged 3100");
        }

        @Test
        void a_change_of_plan_is_for_the_period_that_begins() {
            given(subscribe(BASIC), "2026-01-01")
                    .when(changeNow(PRO), "2026-02-01")
                    .then("2026-02-01 changed to pro x1, period 1 2026-01-01 to 2026-02-01, credited 0, charged 0")
                    .when(ELAPSE, "2026-02-01")
                    .then("2026-02-01 renewed on pro, period 2 2026-02-01 to 2026-03-01, charged 6200");
        }

        @Test
        void a_pause_can_be_ended_by_hand() {
            given(subscribe(BASIC), "2026-01-01")
                    .and(pauseUntil("2026-01-21"), "2026-01-11")
                    .when(RESUME, "2026-01-21")
                    .then("2026-01-21 resumed, period 1 2026-01-01 to 2026-02-11");
        }
    }

    @Nested
    class A_stale_or_early_deadline {

        @Test
        void does_nothing() {
            given(subscribe(BASIC), "2026-01-01")
                    .when(ELAPSE, "2026-01-31T23:59:59.999999")
                    .thenNothing()
                    .and(ELAPSE, "2026-02-01")
                    .when(ELAPSE, "2026-02-01")
                    .thenNothing()
                    .and(CANCEL_NOW, "2026-02-03")
                    .when(ELAPSE, "2026-03-01")
                    .thenNothing();
        }
    }

    @Nested
    class An_amount_beyond_what_json_clients_count_exactly {

        private static final Offer HUGE = flat("huge", Term.MONTHLY, Money.MOST);
        private static final Offer HUGE_SEATS =
                new Offer(plan("huge"), new Price(Term.MONTHLY, usd(Money.MOST), Price.Per.UNIT));

        @Test
        void is_refused_before_anything_could_fail_at_a_boundary() {
            given().when(quantity(2, subscribe(HUGE_SEATS)), "2026-01-01").thenRefused(Problem.AMOUNT_TOO_LARGE);
            given().when(trial(14, quantity(2, subscribe(HUGE_SEATS))), "2026-01-01")
                    .thenRefused(Problem.AMOUNT_TOO_LARGE);
            given(quantity(2, subscribe(SEATS)), "2026-01-01")
                    .when(changeNow(HUGE_SEATS), "2026-01-02")
                    .thenRefused(Problem.AMOUNT_TOO_LARGE)
                    .when(changeAtPeriodEnd(HUGE_SEATS), "2026-01-02")
                    .thenRefused(Problem.AMOUNT_TOO_LARGE);
            given(subscribe(HUGE_SEATS), "2026-01-01")
                    .when(changeQuantity(2), "2026-01-02")
                    .thenRefused(Problem.AMOUNT_TOO_LARGE);
            given(subscribe(SEATS), "2026-01-01")
                    .and(changeAtPeriodEnd(HUGE_SEATS), "2026-01-02")
                    .when(changeQuantity(2), "2026-01-02")
                    .thenRefused(Problem.AMOUNT_TOO_LARGE);
            given(trial(14, subscribe(HUGE_SEATS)), "2026-01-01")
                    .when(changeQuantity(2), "2026-01-02")
                    .thenRefused(Problem.AMOUNT_TOO_LARGE);
        }

        @Test
        void is_not_bought_ahead_where_it_could_not_be_credited_in_one_sum() {
            given(once(subscribe(HUGE)), "2026-01-01")
                    .when(RENEW, "2026-01-02")
                    .thenRefused(Problem.AMOUNT_TOO_LARGE)
                    .when(CANCEL_NOW, "2026-01-01")
                    .then("2026-01-01 canceled in period 1, unused " + Money.MOST);
        }
    }

    @Test
    void a_term_of_centuries_is_billed_like_any_other() {
        Offer eternal = flat("eternal", new Term(366, Term.Unit.YEAR), 366);
        given(trial(1, subscribe(eternal)), "2026-01-01")
                .whenItIs("2026-01-03")
                .then("2026-01-02 activated on eternal, period 1 2026-01-02 to 2392-01-02, charged 366")
                .when(CANCEL_NOW, "2209-01-02")
                .then("2209-01-02 canceled in period 1, unused 183");
    }

    @Test
    void what_is_due_names_the_boundary_and_what_it_means() {
        assertThat(due(given())).isEmpty();
        assertThat(due(given(trial(14, subscribe(BASIC)), "2026-01-01"))).isEqualTo("TRIAL_END 2026-01-15T00:00:00Z");
        assertThat(due(given(subscribe(BASIC), "2026-01-01"))).isEqualTo("RENEWAL 2026-02-01T00:00:00Z");
        assertThat(due(given(once(subscribe(BASIC)), "2026-01-01"))).isEqualTo("EXPIRY 2026-02-01T00:00:00Z");
        assertThat(due(given(once(subscribe(BASIC)), "2026-01-01").and(RENEW, "2026-01-02")))
                .isEqualTo("PERIOD_START 2026-02-01T00:00:00Z");
        assertThat(due(given(subscribe(BASIC), "2026-01-01").and(CANCEL_AT_PERIOD_END, "2026-01-02")))
                .isEqualTo("CANCELLATION 2026-02-01T00:00:00Z");
        assertThat(due(given(subscribe(BASIC), "2026-01-01").and(PAUSE, "2026-01-02")))
                .isEmpty();
        assertThat(due(given(subscribe(BASIC), "2026-01-01").and(pauseUntil("2026-01-05"), "2026-01-02")))
                .isEqualTo("RESUMPTION 2026-01-05T00:00:00Z");
        assertThat(due(given(subscribe(BASIC), "2026-01-01").and(CANCEL_NOW, "2026-01-02")))
                .isEmpty();
    }

    @Test
    void every_command_is_about_the_subscription_that_it_names() {
        assertThat(Every_command_in_every_state.COMMANDS.values())
                .allSatisfy(command -> assertThat(command.subscription()).isEqualTo(ID));
    }

    private static String due(Story story) {
        return Due.next(story.state()).map(due -> due.what() + " " + due.at()).orElse("");
    }
}
