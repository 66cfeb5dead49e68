package ledger.command.domain;

import static ledger.command.domain.Sample.AUTO_RENEW_OFF;
import static ledger.command.domain.Sample.AUTO_RENEW_ON;
import static ledger.command.domain.Sample.BASIC;
import static ledger.command.domain.Sample.BASIC_YEAR;
import static ledger.command.domain.Sample.CANCEL_AT_PERIOD_END;
import static ledger.command.domain.Sample.CANCEL_NOW;
import static ledger.command.domain.Sample.ELAPSE;
import static ledger.command.domain.Sample.EXPIRE;
import static ledger.command.domain.Sample.NEW_YORK;
import static ledger.command.domain.Sample.PAUSE;
import static ledger.command.domain.Sample.PRO;
import static ledger.command.domain.Sample.REINSTATE;
import static ledger.command.domain.Sample.RENEW;
import static ledger.command.domain.Sample.RESUME;
import static ledger.command.domain.Sample.SEATS;
import static ledger.command.domain.Sample.SEATS_YEAR;
import static ledger.command.domain.Sample.WEEKLY;
import static ledger.command.domain.Sample.WITHDRAW;
import static ledger.command.domain.Sample.changeAtPeriodEnd;
import static ledger.command.domain.Sample.changeNow;
import static ledger.command.domain.Sample.changeQuantity;
import static ledger.command.domain.Sample.flat;
import static ledger.command.domain.Sample.in;
import static ledger.command.domain.Sample.onDay;
import static ledger.command.domain.Sample.once;
import static ledger.command.domain.Sample.pauseUntil;
import static ledger.command.domain.Sample.quantity;
import static ledger.command.domain.Sample.subscribe;
import static ledger.command.domain.Sample.trial;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.api.SubscriptionCommand;
import ledger.api.SubscriptionCommand.Subscribe;
import ledger.api.SubscriptionEvent;
import ledger.command.domain.SubscriptionState.Unborn;
import ledger.command.domain.WhatIf.Assumption;
import ledger.command.domain.WhatIf.Outcome;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class WhatIfTest {

    private static final List<Subscribe> STARTS = List.of(
            quantity(2, subscribe(SEATS)),
            onDay(31, trial(10, subscribe(SEATS))),
            once(in(NEW_YORK, trial(8, subscribe(flat("weekly", WEEKLY, 700))))),
            onDay(29, in(ZoneId.of("Europe/Berlin"), subscribe(SEATS_YEAR))));

    /** What nobody assumes to be different is what it was: the words are heard right, whatever was said and whenever. */
    @Test
    void without_an_assumption_it_is_what_it_was() {
        for (int seed = 0; seed < 5_000; seed++) {
            Past past = Past.random(new SplittableRandom(seed));
            Outcome again = WhatIf.replay(past.history, Assumption.NONE, past.now);
            assertThat(again.events()).as("seed %d", seed).isEqualTo(past.history);
            assertThat(again.refused()).isEmpty();
            assertThat(again.state()).isEqualTo(past.state);
        }
    }

    @Test
    void another_plan_from_the_start_drops_the_changes_of_plan() {
        Past past = new Past("2026-01-01", subscribe(BASIC))
                .at("2026-01-16", changeNow(PRO))
                .at("2026-02-10", CANCEL_NOW);
        Outcome outcome = WhatIf.replay(past.history, new Assumption(PRO, null, null), at("2026-03-01"));
        assertThat(told(outcome))
                .containsExactly(
                        "2026-01-01 subscribed to pro x1, period 1 2026-01-01 to 2026-02-01, charged 6200",
                        "2026-02-01 renewed on pro, period 2 2026-02-01 to 2026-03-01, charged 6200",
                        "2026-02-10 canceled in period 2, unused 4207");
    }

    @Test
    void another_term_from_a_day_on_starts_a_new_period_then() {
        Past past = new Past("2026-01-01", subscribe(BASIC)).at("2026-03-10", ELAPSE);
        Outcome outcome =
                WhatIf.replay(past.history, new Assumption(BASIC_YEAR, null, at("2026-01-11")), at("2026-03-10"));
        assertThat(told(outcome))
                .containsExactly(
                        "2026-01-01 subscribed to basic x1, period 1 2026-01-01 to 2026-02-01, charged 3100",
                        "2026-01-11 changed to basic x1, period 2 2026-01-11 to 2027-01-11, credited 2100, charged 36500");
    }

    @Test
    void another_zone_has_other_boundaries() {
        Past past = new Past("2026-01-31", subscribe(BASIC)).at("2026-03-15", ELAPSE);
        Outcome outcome = WhatIf.replay(
                past.history, new Assumption(null, ZoneId.of("America/New_York"), null), at("2026-03-15"));
        // It was the evening of the 30th there, and summer time began on 8 March.
        assertThat(outcome.events().stream().map(event -> event.at().toString()))
                .containsExactly("2026-01-31T00:00:00Z", "2026-03-01T00:00:00Z");
        assertThat(past.history.getLast().at()).isEqualTo("2026-02-28T00:00:00Z");
    }

    @Test
    void what_would_not_have_been_granted_is_told() {
        Past past = new Past("2026-01-01", once(subscribe(BASIC))).at("2026-02-15", RENEW);
        Outcome outcome = WhatIf.replay(past.history, new Assumption(BASIC_YEAR, null, null), at("2026-02-20"));
        assertThat(outcome.refused()).isEmpty();
        assertThat(told(outcome).getLast()).startsWith("2026-02-15 renewed on basic, period 2 2027-01-01");
        Past ended = past.at("2026-02-16", changeQuantity(3));
        Rejected refusal = Assertions.catchThrowableOfType(
                Rejected.class,
                () -> WhatIf.replay(
                        ended.at("2026-02-17", CANCEL_NOW).history,
                        new Assumption(PRO, null, at("2026-02-18")),
                        at("2026-02-20")));
        assertThat(refusal.problem()).isEqualTo(Problem.SUBSCRIPTION_ENDED);
    }

    private static List<String> told(Outcome outcome) {
        return outcome.events().stream().map(Telling::of).toList();
    }

    private static Instant at(String day) {
        return Telling.instant(day);
    }

    /** A life and all that happened in it. */
    private static final class Past {

        private final List<SubscriptionEvent> history = new ArrayList<>();
        private SubscriptionState state = new Unborn();
        private Instant now;

        Past(String start, Subscribe first) {
            now = WhatIfTest.at(start);
            take(Decide.decide(state, first, now));
        }

        Past at(String day, SubscriptionCommand command) {
            now = WhatIfTest.at(day);
            take(Decide.overdue(state, now));
            take(Decide.decide(state, command, now));
            return this;
        }

        static Past random(SplittableRandom random) {
            Past past = new Past("2024-02-10", STARTS.get(random.nextInt(STARTS.size())));
            for (int step = random.nextInt(1, 12); step > 0; step--) {
                past.wait(random);
                past.take(Decide.overdue(past.state, past.now));
                past.attempt(commands(past.now, random));
            }
            past.take(Decide.decide(past.state, ELAPSE, past.now));
            return past;
        }

        private void wait(SplittableRandom random) {
            Instant due = Due.next(state).map(Due::at).orElse(now.plus(Duration.ofDays(40)));
            now = switch (random.nextInt(5)) {
                case 0 -> now;
                case 1 -> now.plus(Duration.between(now, due).dividedBy(2));
                case 2 -> due.plus(Duration.ofDays(random.nextInt(80)));
                default -> due;
            };
        }

        private void attempt(SubscriptionCommand command) {
            try {
                take(Decide.decide(state, command, now));
            } catch (Rejected refused) {
                assertThat(refused.problem().status()).isEqualTo(409);
            }
        }

        private static SubscriptionCommand commands(Instant now, SplittableRandom random) {
            List<SubscriptionCommand> all = List.of(
                    CANCEL_NOW,
                    CANCEL_AT_PERIOD_END,
                    REINSTATE,
                    RENEW,
                    EXPIRE,
                    AUTO_RENEW_ON,
                    AUTO_RENEW_OFF,
                    changeNow(BASIC),
                    changeNow(SEATS_YEAR),
                    changeAtPeriodEnd(BASIC),
                    changeAtPeriodEnd(SEATS_YEAR),
                    WITHDRAW,
                    changeQuantity(1),
                    changeQuantity(3),
                    PAUSE,
                    pauseUntil(now.plus(Duration.ofDays(33))),
                    RESUME,
                    ELAPSE);
            // What ends a life is said less often than what goes on with it.
            SubscriptionCommand said = all.get(random.nextInt(all.size()));
            return said == CANCEL_NOW && random.nextBoolean() ? ELAPSE : Objects.requireNonNull(said);
        }

        private void take(List<SubscriptionEvent> events) {
            history.addAll(events);
            state = Evolve.evolve(state, events);
        }
    }
}
