package ledger.command.domain;

import static ledger.command.domain.Life.promise;
import static ledger.command.domain.Sample.AUTO_RENEW_OFF;
import static ledger.command.domain.Sample.AUTO_RENEW_ON;
import static ledger.command.domain.Sample.CANCEL_AT_PERIOD_END;
import static ledger.command.domain.Sample.CANCEL_NOW;
import static ledger.command.domain.Sample.CORRECT;
import static ledger.command.domain.Sample.ELAPSE;
import static ledger.command.domain.Sample.EXPIRE;
import static ledger.command.domain.Sample.NEW_YORK;
import static ledger.command.domain.Sample.PAUSE;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import ledger.api.EventTypes;
import ledger.api.Offer;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.api.SubscriptionCommand;
import ledger.api.SubscriptionCommand.Renew;
import ledger.api.SubscriptionCommand.Subscribe;
import ledger.api.SubscriptionEvent;
import ledger.api.Term;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * Walks every sequence of commands up to a fixed depth, with every kind of wait between them, and checks after each step what
 * must hold whatever happened (see {@link Life}). What changes nothing is not followed, and equal lives are followed once:
 * their continuations are the same.
 */
class EveryCommandSequenceTest {

    private static final int DEPTH = Integer.getInteger("ledger.walk.depth", 5);

    private static final Offer FLAT = flat("flat", Term.MONTHLY, 6_200);

    /** 02:30 in New York; its weeks from the end of the trial on meet the day that skips this time. */
    private static final Instant BIRTH = Instant.parse("2024-02-10T07:30:00Z");

    private static final List<Subscribe> STARTS = List.of(
            quantity(2, subscribe(SEATS)),
            onDay(31, trial(10, subscribe(SEATS))),
            once(in(NEW_YORK, trial(8, subscribe(flat("weekly", WEEKLY, 700))))));

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void keeps_every_promise_at_every_step() {
        List<Walk> walks = STARTS.parallelStream().map(Walk::from).toList();

        assertThat(walks.stream().mapToLong(walk -> walk.steps).sum()).isGreaterThan(1_000_000);
        assertThat(walks.stream()
                        .flatMap(walk -> walk.stored.keySet().stream())
                        .<Class<?>>map(Object::getClass)
                        .distinct())
                .containsExactlyInAnyOrder(SubscriptionEvent.class.getPermittedSubclasses());
        assertThat(walks.stream().flatMap(walk -> walk.problems.stream()).distinct())
                .containsExactlyInAnyOrder(
                        Problem.SUBSCRIPTION_EXISTS,
                        Problem.SUBSCRIPTION_ENDED,
                        Problem.SUBSCRIPTION_CANCELED,
                        Problem.SUBSCRIPTION_PAUSED,
                        Problem.CANCELLATION_SCHEDULED,
                        Problem.RENEWS_AUTOMATICALLY,
                        Problem.NEXT_PERIOD_BOUGHT,
                        Problem.NOT_DUE);
    }

    private static List<SubscriptionCommand> commands(Instant now) {
        return List.of(
                subscribe(SEATS),
                CANCEL_NOW,
                CANCEL_AT_PERIOD_END,
                REINSTATE,
                RENEW,
                EXPIRE,
                AUTO_RENEW_ON,
                AUTO_RENEW_OFF,
                changeNow(FLAT),
                changeNow(SEATS_YEAR),
                changeAtPeriodEnd(FLAT),
                changeAtPeriodEnd(SEATS_YEAR),
                WITHDRAW,
                changeQuantity(1),
                changeQuantity(3),
                PAUSE,
                pauseUntil(now.plus(Duration.ofDays(33))),
                RESUME,
                ELAPSE);
    }

    /** A correction leaves a life as it was, so that it is enough to try it at the end. */
    private static List<SubscriptionCommand> lastCommands(Instant now) {
        return Stream.concat(commands(now).stream(), Stream.of(CORRECT)).toList();
    }

    /** No time at all, half-way to what is due, its very instant, a little later, and past several boundaries. */
    private static List<Instant> waits(Life life) {
        Instant now = life.now;
        return Due.next(life.state)
                .map(due -> List.of(
                        now,
                        now.plus(Duration.between(now, due.at()).dividedBy(2)),
                        due.at(),
                        due.at().plusSeconds(3_601),
                        due.at().plus(Duration.ofDays(70))))
                .orElseGet(() -> List.of(now, now.plus(Duration.ofDays(45))));
    }

    /** All that follows from one beginning. */
    private static final class Walk {

        private final Deque<Object> path = new ArrayDeque<>();
        private final Set<Object> seen = new HashSet<>();
        private final Set<Problem> problems = EnumSet.noneOf(Problem.class);

        /** What is read back of each event that was written. */
        private final Map<SubscriptionEvent, SubscriptionEvent> stored = new HashMap<>();

        private long steps;

        static Walk from(Subscribe start) {
            Walk walk = new Walk();
            try {
                Life born = walk.decide(Life.unborn(BIRTH), start).orElseThrow();
                walk.on(born, DEPTH - 1);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("after " + start + walk.path.reversed(), e);
            }
            return walk;
        }

        private void on(Life life, int depth) {
            if (depth == 0 || !seen.add(List.of(depth, life))) {
                return;
            }
            for (Instant now : waits(life)) {
                path.push(now);
                Life reached = wait(life, now);
                if (!reached.state.equals(life.state)) {
                    on(reached, depth - 1);
                }
                for (SubscriptionCommand command : depth == 1 ? lastCommands(now) : commands(now)) {
                    path.push(command);
                    decide(reached, command).ifPresent(next -> on(next, depth - 1));
                    path.pop();
                }
                path.pop();
            }
        }

        private Life wait(Life life, Instant now) {
            List<SubscriptionEvent> overdue = Decide.overdue(life.state, now);
            promise(overdue.equals(punctual(life.state, now)), "late deadlines do what punctual ones would have done");
            return life.after(overdue, this::stored, now);
        }

        /** The life after a command, or nothing where it changed nothing. */
        private Optional<Life> decide(Life life, SubscriptionCommand command) {
            steps++;
            List<SubscriptionEvent> events;
            try {
                events = Decide.decide(life.state, command, life.now);
            } catch (Rejected rejected) {
                problems.add(rejected.problem());
                return Optional.empty();
            }
            if (events.isEmpty()) {
                return Optional.empty();
            }
            Life next = life.after(events, this::stored, life.now);
            promise(isHarmless(next, command), "a repeated command appends nothing");
            return Optional.of(next);
        }

        private SubscriptionEvent stored(SubscriptionEvent event) {
            return stored.computeIfAbsent(event, _ -> {
                String type = EventTypes.of(event.getClass()).value();
                return (SubscriptionEvent) JSON.readValue(JSON.writeValueAsBytes(event), EventTypes.named(type));
            });
        }

        private static List<SubscriptionEvent> punctual(SubscriptionState state, Instant now) {
            List<SubscriptionEvent> events = new ArrayList<>();
            SubscriptionState reached = state;
            Optional<Due> due = Due.next(reached).filter(next -> next.at().isBefore(now));
            while (due.isPresent()) {
                promise(Decide.overdue(reached, due.get().at()).isEmpty(), "nothing is overdue at its own instant");
                List<SubscriptionEvent> step =
                        Decide.decide(reached, ELAPSE, due.get().at());
                promise(!step.isEmpty(), "what is due happens");
                events.addAll(step);
                reached = Evolve.evolve(reached, step);
                due = Due.next(reached).filter(next -> next.at().isBefore(now));
            }
            return events;
        }

        private static boolean isHarmless(Life life, SubscriptionCommand command) {
            try {
                return Decide.decide(life.state, command, life.now).isEmpty();
            } catch (Rejected rejected) {
                return command instanceof Subscribe || command instanceof Renew;
            }
        }
    }
}
