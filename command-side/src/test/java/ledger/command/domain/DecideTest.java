package ledger.command.domain;

import static ledger.command.domain.Sample.AUTO_RENEW_OFF;
import static ledger.command.domain.Sample.AUTO_RENEW_ON;
import static ledger.command.domain.Sample.BASIC;
import static ledger.command.domain.Sample.CANCEL_AT_PERIOD_END;
import static ledger.command.domain.Sample.CANCEL_NOW;
import static ledger.command.domain.Sample.CORRECT;
import static ledger.command.domain.Sample.ELAPSE;
import static ledger.command.domain.Sample.EXPIRE;
import static ledger.command.domain.Sample.ID;
import static ledger.command.domain.Sample.PAUSE;
import static ledger.command.domain.Sample.PRO;
import static ledger.command.domain.Sample.REINSTATE;
import static ledger.command.domain.Sample.RENEW;
import static ledger.command.domain.Sample.RESUME;
import static ledger.command.domain.Sample.SEATS;
import static ledger.command.domain.Sample.WITHDRAW;
import static ledger.command.domain.Sample.changeAtPeriodEnd;
import static ledger.command.domain.Sample.changeNow;
import static ledger.command.domain.Sample.changeQuantity;
import static ledger.command.domain.Sample.flat;
import static ledger.command.domain.Sample.once;
import static ledger.command.domain.Sample.pauseUntil;
import static ledger.command.domain.Sample.plan;
import static ledger.command.domain.Sample.quantity;
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
