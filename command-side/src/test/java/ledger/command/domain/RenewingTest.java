package ledger.command.domain;

import static ledger.command.domain.Sample.AUTO_RENEW_OFF;
import static ledger.command.domain.Sample.AUTO_RENEW_ON;
import static ledger.command.domain.Sample.BASIC;
import static ledger.command.domain.Sample.BASIC_YEAR;
import static ledger.command.domain.Sample.CANCEL_AT_PERIOD_END;
import static ledger.command.domain.Sample.ELAPSE;
import static ledger.command.domain.Sample.PRO;
import static ledger.command.domain.Sample.RENEW;
import static ledger.command.domain.Sample.changeAtPeriodEnd;
import static ledger.command.domain.Sample.changeNow;
import static ledger.command.domain.Sample.once;
import static ledger.command.domain.Sample.subscribe;
import static ledger.command.domain.Sample.trial;
import static ledger.command.domain.Story.given;

import ledger.api.Problem;
import org.junit.jupiter.api.Test;

/** How subscriptions go on. BASIC costs 3100 a month and PRO 6200: 100 and 200 for each day of a month of 31. */
class RenewingTest {

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
                .then("2026-03-31T08:00 renewed on basic, period 2 2026-03-31T08:00 to 2026-04-30T08:00, charged 3100")
                .and(AUTO_RENEW_ON, "2026-04-01")
                .whenItIs("2026-05-01")
                .then("2026-04-30T08:00 renewed on basic, period 3 2026-04-30T08:00 to 2026-05-31T08:00, charged 3100");
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
    void again_within_the_hour_buys_no_second_period() {
        given(once(subscribe(BASIC)), "2026-01-01")
                .and(ELAPSE, "2026-02-01")
                .and(RENEW, "2026-03-10T08:00")
                .when(RENEW, "2026-03-10T08:00")
                .thenNothing()
                .when(RENEW, "2026-03-10T08:59:59.999999")
                .thenNothing()
                .when(RENEW, "2026-03-10T09:00")
                .then("2026-03-10T09:00 renewed on basic, period 3 2026-04-10T08:00 to 2026-05-10T08:00, charged 3100");
    }

    @Test
    void again_when_what_was_bought_in_advance_has_begun_buys_no_second_period() {
        given(once(subscribe(BASIC)), "2026-01-01")
                .and(RENEW, "2026-01-31T23:30")
                .and(ELAPSE, "2026-02-01")
                .when(RENEW, "2026-02-01T00:29")
                .thenNothing();
        given(once(trial(14, subscribe(BASIC))), "2026-01-01")
                .and(RENEW, "2026-01-15")
                .when(RENEW, "2026-01-15")
                .thenNothing();
    }

    @Test
    void again_after_a_change_of_plan_that_took_the_period_back_buys_another() {
        given(once(subscribe(BASIC)), "2026-01-01")
                .and(RENEW, "2026-01-20")
                .and(changeNow(BASIC_YEAR), "2026-01-20")
                .when(RENEW, "2026-01-20")
                .then("2026-01-20 renewed on basic, period 3 2027-01-20 to 2028-01-20, charged 36500");
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
