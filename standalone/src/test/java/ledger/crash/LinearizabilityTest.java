package ledger.crash;

import static ledger.crash.Claim.Outcome.DONE;
import static ledger.crash.Claim.Outcome.REFUSED;
import static ledger.crash.Claim.Outcome.UNKNOWN;
import static ledger.crash.Linearizability.NEVER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import ledger.crash.Claim.Give;
import ledger.crash.Claim.Take;
import ledger.crash.Counter.Outcome.Granted;
import ledger.crash.Counter.Outcome.Refused;
import ledger.crash.Counter.Outcome.Unknown;
import ledger.crash.Counter.Use;
import ledger.crash.Linearizability.Model;
import ledger.crash.Linearizability.Operation;
import ledger.crash.Version.Change;
import ledger.crash.Version.Outcome.Changed;
import ledger.crash.Version.Outcome.Mismatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checker: what it must accept, and above all what it must not. */
class LinearizabilityTest {

    private static final Counter SEATS = new Counter(10);

    @Test
    void nothingHappenedIsFine() {
        assertThat(holds(Claim.MODEL, List.of())).isTrue();
    }

    @Test
    void aClaimGoesFromHandToHand() {
        assertThat(holds(
                        Claim.MODEL,
                        List.of(
                                at(new Take("a", DONE), 0, 1),
                                at(new Take("b", REFUSED), 2, 3),
                                at(new Give("a", DONE), 4, 5),
                                at(new Give("a", DONE), 6, 7),
                                at(new Take("b", DONE), 8, 9))))
                .isTrue();
    }

    @Test
    void twoNeverHoldOneClaim() {
        Operation<Claim> first = at(new Take("a", DONE), 0, 10);
        assertThat(holds(Claim.MODEL, List.of(first, at(new Take("b", DONE), 1, 9))))
                .isFalse();
        assertThat(holds(Claim.MODEL, List.of(first, at(new Take("b", REFUSED), 1, 9))))
                .isTrue();
    }

    @Test
    void nobodyIsRefusedAFreeClaim() {
        Operation<Claim> refused = at(new Take("b", REFUSED), 4, 5);
        assertThat(holds(Claim.MODEL, List.of(refused))).isFalse();
        assertThat(holds(Claim.MODEL, List.of(at(new Take("a", DONE), 0, 1), at(new Give("a", DONE), 2, 3), refused)))
                .as("it was given back before")
                .isFalse();
        assertThat(holds(Claim.MODEL, List.of(at(new Take("a", DONE), 0, 1), at(new Give("a", DONE), 2, 6), refused)))
                .as("it was being given back")
                .isTrue();
    }

    @Test
    void whatWasNeverAnsweredMayHaveHappenedAtAnyTimeSinceOrNever() {
        Operation<Claim> unanswered = at(new Take("a", UNKNOWN), 2, NEVER);
        assertThat(holds(Claim.MODEL, List.of(unanswered, at(new Take("b", REFUSED), 8, 9))))
                .isTrue();
        assertThat(holds(Claim.MODEL, List.of(unanswered, at(new Take("b", DONE), 8, 9))))
                .isTrue();
        assertThat(holds(Claim.MODEL, List.of(unanswered, at(new Take("b", REFUSED), 0, 1))))
                .as("but not before it was asked")
                .isFalse();
        assertThat(holds(
                        Claim.MODEL,
                        List.of(unanswered, at(new Take("b", REFUSED), 3, 4), at(new Take("c", DONE), 5, 6))))
                .as("and not undone")
                .isFalse();
    }

    @Test
    void aCounterSaysWhatIsHeld() {
        assertThat(holds(
                        SEATS,
                        List.of(
                                at(new Use(6, new Granted(6)), 0, 5),
                                at(new Use(4, new Granted(10)), 1, 6),
                                at(new Use(1, new Refused()), 7, 8),
                                at(new Use(-7, new Granted(3)), 9, 10),
                                at(new Use(-4, new Refused()), 11, 12))))
                .isTrue();
    }

    @Test
    void aGrantIsNotLost() {
        assertThat(holds(SEATS, List.of(at(new Use(6, new Granted(6)), 0, 1), at(new Use(6, new Granted(6)), 2, 3))))
                .isFalse();
        assertThat(holds(SEATS, List.of(at(new Use(3, new Granted(3)), 0, 9), at(new Use(2, new Granted(2)), 1, 8))))
                .as("each of two at once must have seen the other or not have")
                .isFalse();
    }

    @Test
    void aLimitIsKeptAndNotKeptTooEarly() {
        assertThat(holds(SEATS, List.of(at(new Use(11, new Granted(11)), 0, 1))))
                .isFalse();
        assertThat(holds(SEATS, List.of(at(new Use(9, new Granted(9)), 0, 1), at(new Use(1, new Refused()), 2, 3))))
                .isFalse();
        assertThat(holds(
                        SEATS,
                        List.of(
                                at(new Use(9, new Granted(9)), 0, 1),
                                at(new Use(1, new Unknown()), 2, NEVER),
                                at(new Use(1, new Refused()), 4, 5))))
                .as("the one that was not answered may have had the last")
                .isTrue();
    }

    @Test
    void anAnswerThatIsReadTwiceMustNotGoBack() {
        assertThat(holds(
                        SEATS,
                        List.of(
                                at(new Use(1, new Granted(1)), 0, 1),
                                at(new Use(1, new Granted(3)), 2, 9),
                                at(new Use(1, new Granted(2)), 5, 6),
                                at(new Use(1, new Granted(5)), 7, 8))))
                .isFalse();
    }

    @Test
    void ofThoseWhoExpectOneVersionOneIsRight() {
        Version version = new Version();
        Operation<Change> first = at(new Change(0L, new Changed(1)), 0, 9);
        assertThat(holds(version, List.of(first, at(new Change(0L, new Changed(1)), 1, 8))))
                .isFalse();
        assertThat(holds(version, List.of(first, at(new Change(0L, new Mismatch()), 1, 8))))
                .isTrue();
        assertThat(holds(version, List.of(at(new Change(0L, new Mismatch()), 1, 8))))
                .isFalse();
        assertThat(holds(version, List.of(first, at(new Change(null, new Changed(2)), 1, 8))))
                .isTrue();
    }

    /** Many clients whose operations overlap, made so that an order exists; then one is taken out. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aLongHistoryIsAcceptedAndWithoutOneOfItsOperationsRejected(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Operation<Use>> history = new ArrayList<>();
        long held = 0;
        for (int i = 0; i < 3000; i++) {
            long quantity = random.nextInt(-4, 5);
            boolean granted = held + quantity >= 0 && held + quantity <= SEATS.max();
            held += granted ? quantity : 0;
            Use use = new Use(quantity, granted ? new Granted(held) : new Refused());
            // It took effect at 10 * i, somewhere between its call and its answer.
            history.add(at(use, 10L * i - random.nextInt(40), 10L * i + random.nextInt(40)));
        }
        assertThat(holds(SEATS, history)).isTrue();

        int forgotten = random.nextInt(1000, 2000);
        while (history.get(forgotten).what().outcome() instanceof Refused
                || history.get(forgotten).what().quantity() == 0) {
            forgotten++;
        }
        history.remove(forgotten);
        assertThat(holds(SEATS, history))
                .as("one is missing whose effect the others have seen")
                .isFalse();
    }

    private static <S, O> boolean holds(Model<S, O> model, List<Operation<O>> history) {
        return Linearizability.holds(model, history);
    }

    private static <O> Operation<O> at(O what, long called, long answered) {
        return new Operation<>(what, called, answered);
    }
}
