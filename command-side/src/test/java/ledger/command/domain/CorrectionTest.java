package ledger.command.domain;

import static ledger.command.domain.Sample.BASIC;
import static ledger.command.domain.Sample.ID;
import static ledger.command.domain.Sample.subscribe;
import static ledger.command.domain.Sample.usd;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import ledger.api.Money;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.api.SubscriptionCommand.Correct;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.Corrected;
import ledger.api.SubscriptionEvent.Stated;
import ledger.command.domain.SubscriptionState.Unborn;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CorrectionTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-01-10T00:00:00Z");
    private static final List<SubscriptionEvent> BORN = Decide.decide(new Unborn(), subscribe(BASIC), START);
    private static final SubscriptionState ACTIVE = Evolve.evolve(new Unborn(), BORN);
    private static final Stated SUBSCRIBED = Stated.of(BORN.getFirst(), 0);

    @Test
    void states_what_was_wrong_and_leaves_the_life_as_it_was() {
        Corrected corrected = (Corrected) Decide.decide(ACTIVE, correct(SUBSCRIBED, "too much", usd(100), null), NOW)
                .getFirst();
        assertThat(corrected)
                .isEqualTo(new Corrected(
                        ID,
                        NOW,
                        new Stated(0, "subscription.subscribed", START, usd(3100), null),
                        "too much",
                        usd(100),
                        usd(0),
                        null));
        assertThat(Due.next(Evolve.evolve(ACTIVE, corrected))).isEqualTo(Due.next(ACTIVE));
        assertThat(Claims.of(ACTIVE, corrected)).isEmpty();
    }

    @Test
    void a_repeat_settles_nothing_twice_and_another_correction_is_refused() {
        SubscriptionState once = after(ACTIVE, correct(SUBSCRIBED, "too much", usd(100), null));
        assertThat(Decide.decide(once, correct(SUBSCRIBED, "too much", usd(100), null), NOW.plusSeconds(1)))
                .isEmpty();
        assertRefused(once, correct(SUBSCRIBED, "too much", usd(101), null), Problem.ALREADY_CORRECTED);
        assertRefused(once, correct(SUBSCRIBED, "far too much", usd(100), null), Problem.ALREADY_CORRECTED);
        assertRefused(once, correct(SUBSCRIBED, "too much", usd(100), NOW), Problem.ALREADY_CORRECTED);
    }

    @Test
    void a_correction_that_was_wrong_is_corrected_like_any_event() {
        Corrected first = (Corrected) Decide.decide(ACTIVE, correct(SUBSCRIBED, "too much", usd(100), null), NOW)
                .getFirst();
        SubscriptionState once = Evolve.evolve(ACTIVE, first);
        Correct back = new Correct(ID, Stated.of(first, 1), "it was right", null, usd(100), null);
        assertThat(Decide.decide(once, back, NOW)).hasSize(1);
        assertThat(Stated.of(first, 1).credit()).isEqualTo(usd(100));
    }

    @Test
    void no_more_is_credited_than_was_charged() {
        assertRefused(ACTIVE, correct(SUBSCRIBED, "r", usd(3101), null), Problem.CREDIT_TOO_LARGE);
        Corrected first = (Corrected) Decide.decide(ACTIVE, correct(SUBSCRIBED, "too much", usd(100), null), NOW)
                .getFirst();
        SubscriptionState once = Evolve.evolve(ACTIVE, first);
        Correct rest = new Correct(ID, Stated.of(first, 1), "r", usd(3000), null, null);
        assertThat(Decide.decide(once, rest, NOW)).hasSize(1);
        assertRefused(once, new Correct(ID, Stated.of(first, 1), "r", usd(3001), null, null), Problem.CREDIT_TOO_LARGE);
    }

    @Test
    void only_the_money_that_it_is_paid_in_and_only_what_has_happened() {
        assertRefused(ACTIVE, correct(SUBSCRIBED, "r", Money.of(1, "EUR"), null), Problem.OTHER_CURRENCY);
        assertRefused(ACTIVE, correct(SUBSCRIBED, "r", null, NOW.plusSeconds(2)), Problem.HAPPENED_IN_FUTURE);
    }

    private static Correct correct(Stated what, String reason, @Nullable Money credit, @Nullable Instant happenedAt) {
        return new Correct(ID, what, reason, credit, null, happenedAt);
    }

    private static SubscriptionState after(SubscriptionState state, Correct correct) {
        return Evolve.evolve(state, Decide.decide(state, correct, NOW));
    }

    private static void assertRefused(SubscriptionState state, Correct correct, Problem problem) {
        Rejected refusal = Assertions.catchThrowableOfType(
                Rejected.class, () -> Decide.decide(state, correct, NOW.plusSeconds(1)));
        assertThat(refusal.problem()).isEqualTo(problem);
    }
}
