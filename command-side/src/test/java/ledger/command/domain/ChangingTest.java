package ledger.command.domain;

import static ledger.command.domain.Sample.BASIC;
import static ledger.command.domain.Sample.BASIC_QUARTER;
import static ledger.command.domain.Sample.BASIC_YEAR;
import static ledger.command.domain.Sample.CANCEL_AT_PERIOD_END;
import static ledger.command.domain.Sample.CANCEL_NOW;
import static ledger.command.domain.Sample.PRO;
import static ledger.command.domain.Sample.RENEW;
import static ledger.command.domain.Sample.SEATS;
import static ledger.command.domain.Sample.SEATS_YEAR;
import static ledger.command.domain.Sample.WITHDRAW;
import static ledger.command.domain.Sample.changeAtPeriodEnd;
import static ledger.command.domain.Sample.changeNow;
import static ledger.command.domain.Sample.changeQuantity;
import static ledger.command.domain.Sample.flat;
import static ledger.command.domain.Sample.inCurrency;
import static ledger.command.domain.Sample.ofProduct;
import static ledger.command.domain.Sample.onDay;
import static ledger.command.domain.Sample.once;
import static ledger.command.domain.Sample.quantity;
import static ledger.command.domain.Sample.subscribe;
import static ledger.command.domain.Story.given;

import ledger.api.Offer;
import ledger.api.Problem;
import ledger.api.Term;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Other plans, terms and quantities, in the middle of what is paid for. BASIC costs 3100 a month and PRO 6200: 100 and 200 for each day of a month of 31. */
class ChangingTest {

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
}
