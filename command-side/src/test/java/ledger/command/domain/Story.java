package ledger.command.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.api.SubscriptionCommand;
import ledger.api.SubscriptionEvent;
import ledger.command.domain.SubscriptionState.Unborn;
import org.jspecify.annotations.Nullable;

/**
 * A subscription's life told as given, when, then. Time passes between commands as it does in the ledger: what is overdue
 * happens first, at its own time. Events are compared in the words of {@link Telling}.
 */
final class Story {

    private final List<SubscriptionEvent> past = new ArrayList<>();
    private SubscriptionState state = new Unborn();

    static Story given() {
        return new Story();
    }

    static Story given(SubscriptionCommand command, String at) {
        return new Story().and(command, at);
    }

    Story and(SubscriptionCommand command, String at) {
        append(happening(command, Telling.instant(at)));
        return this;
    }

    Outcome when(SubscriptionCommand command, String at) {
        return new Outcome(command, Telling.instant(at));
    }

    /** Nobody does anything until then. */
    Outcome whenItIs(String at) {
        return new Outcome(null, Telling.instant(at));
    }

    SubscriptionState state() {
        return state;
    }

    private void append(List<SubscriptionEvent> events) {
        past.addAll(events);
        state = Evolve.evolve(state, events);
    }

    private List<SubscriptionEvent> happening(SubscriptionCommand command, Instant now) {
        List<SubscriptionEvent> events = new ArrayList<>(Decide.overdue(state, now));
        events.addAll(Decide.decide(Evolve.evolve(state, events), command, now));
        return events;
    }

    final class Outcome {

        private final @Nullable SubscriptionCommand command;
        private final Instant now;

        private Outcome(@Nullable SubscriptionCommand command, Instant now) {
            this.command = command;
            this.now = now;
        }

        Story then(String... tellings) {
            List<SubscriptionEvent> events = command == null ? Decide.overdue(state, now) : happening(command, now);
            assertThat(events.stream().map(Telling::of)).containsExactly(tellings);
            append(events);
            assertThat(Evolve.evolve(new Unborn(), past)).isEqualTo(state);
            return Story.this;
        }

        Story thenNothing() {
            return then();
        }

        Story thenRefused(Problem problem) {
            Rejected rejected =
                    catchThrowableOfType(Rejected.class, () -> happening(Objects.requireNonNull(command), now));
            assertThat(rejected).isNotNull();
            assertThat(rejected.problem()).isEqualTo(problem);
            assertThat(rejected.detail()).isNotBlank();
            return Story.this;
        }
    }
}
