package ledger.command.domain;

import static ledger.command.domain.Sample.AUTO_RENEW_OFF;
import static ledger.command.domain.Sample.AUTO_RENEW_ON;
import static ledger.command.domain.Sample.BASIC;
import static ledger.command.domain.Sample.CANCEL_AT_PERIOD_END;
import static ledger.command.domain.Sample.CANCEL_NOW;
import static ledger.command.domain.Sample.ELAPSE;
import static ledger.command.domain.Sample.EXPIRE;
import static ledger.command.domain.Sample.PRO;
import static ledger.command.domain.Sample.REINSTATE;
import static ledger.command.domain.Sample.RENEW;
import static ledger.command.domain.Sample.because;
import static ledger.command.domain.Sample.changeAtPeriodEnd;
import static ledger.command.domain.Sample.flat;
import static ledger.command.domain.Sample.onDay;
import static ledger.command.domain.Sample.once;
import static ledger.command.domain.Sample.subscribe;
import static ledger.command.domain.Story.given;
import static org.assertj.core.api.Assertions.assertThat;

import ledger.api.Problem;
import ledger.api.Term;
import ledger.command.domain.SubscriptionState.Ended;
import ledger.command.domain.SubscriptionState.Live;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How subscriptions end, and what is left of what was paid. BASIC costs 3100 a month and PRO 6200: 100 and 200 for each day of a month of 31. */
class EndingTest {

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
}
