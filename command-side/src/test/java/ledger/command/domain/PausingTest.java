package ledger.command.domain;

import static ledger.command.domain.Sample.BASIC;
import static ledger.command.domain.Sample.BASIC_YEAR;
import static ledger.command.domain.Sample.CANCEL_AT_PERIOD_END;
import static ledger.command.domain.Sample.CANCEL_NOW;
import static ledger.command.domain.Sample.ELAPSE;
import static ledger.command.domain.Sample.PAUSE;
import static ledger.command.domain.Sample.PRO;
import static ledger.command.domain.Sample.RENEW;
import static ledger.command.domain.Sample.RESUME;
import static ledger.command.domain.Sample.changeNow;
import static ledger.command.domain.Sample.onDay;
import static ledger.command.domain.Sample.once;
import static ledger.command.domain.Sample.pauseUntil;
import static ledger.command.domain.Sample.subscribe;
import static ledger.command.domain.Sample.trial;
import static ledger.command.domain.Story.given;

import ledger.api.Problem;
import org.junit.jupiter.api.Test;

/** Time that stands still. BASIC costs 3100 a month and PRO 6200: 100 and 200 for each day of a month of 31. */
class PausingTest {

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
                .then("2026-02-25 changed to pro x1, period 1 2026-01-01 to 2026-03-18, credited 2100, charged 4200")
                .and(PAUSE, "2026-02-26")
                .and(RESUME, "2026-03-30")
                .when(changeNow(BASIC), "2026-03-30")
                .then("2026-03-30 changed to basic x1, period 1 2026-01-01 to 2026-04-19, credited 4000, charged 2000")
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
                .then("2026-02-28T01:00 renewed on basic, period 2 2026-02-28T01:00 to 2026-03-31T01:00, charged 3100");
    }

    @Test
    void moves_a_period_that_was_bought_in_advance() {
        given(once(subscribe(BASIC)), "2026-01-01")
                .and(RENEW, "2026-01-05")
                .and(PAUSE, "2026-01-11")
                .when(RESUME, "2026-01-21")
                .then("2026-01-21 resumed, period 1 2026-01-01 to 2026-02-11, then period 2 2026-02-11 to 2026-03-11")
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
                .then("2026-01-15 changed to pro x1, period 1 2026-01-01 to 2026-02-01, credited 2100, charged 4200")
                .and(RESUME, "2026-01-21")
                .when(CANCEL_NOW, "2026-02-01")
                .then("2026-02-01 canceled in period 1, unused 2000");
    }

    @Test
    void does_not_hinder_a_change_of_term() {
        given(subscribe(BASIC), "2026-01-01")
                .and(PAUSE, "2026-01-11")
                .when(changeNow(BASIC_YEAR), "2026-01-15")
                .then("2026-01-15 changed to basic x1, period 2 2026-01-11 to 2027-01-11, credited 2100, charged 36500")
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
