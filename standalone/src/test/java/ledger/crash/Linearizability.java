package ledger.crash;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether operations that overlapped can be put in one order in which each answer is right, and each operation lies between its
 * call and its answer. Wing and Gong's search: an operation that was called before any answer is due may be next; Lowe's
 * memory: what was done, in whatever order, and led to the same state is tried once.
 */
final class Linearizability {

    /** Of an operation that was never answered: it may happen at any time, or never. */
    static final long NEVER = Long.MAX_VALUE;

    /** {@code what} was asked and answered, at instants of one clock. */
    record Operation<O>(O what, long called, long answered) {}

    /** What one operation after another does to a state; a state is compared by its value. */
    interface Model<S, O> {
        S initial();

        /** The state after an operation; empty where it would have been answered otherwise. */
        Optional<S> after(S state, O operation);
    }

    private record Tried<S>(BitSet done, S state) {}

    private record Step<S>(Moment call, S before) {}

    /** A call or an answer, in a list by time from which both are taken out when the operation is done. */
    private static final class Moment {
        private final int operation;
        private final @Nullable Moment answer;
        private @Nullable Moment previous;
        private @Nullable Moment next;

        /** A call, if it has an answer. */
        Moment(int operation, @Nullable Moment answer) {
            this.operation = operation;
            this.answer = answer;
        }

        void unlink() {
            if (previous != null) {
                previous.next = next;
            }
            if (next != null) {
                next.previous = previous;
            }
        }

        void relink() {
            if (previous != null) {
                previous.next = this;
            }
            if (next != null) {
                next.previous = this;
            }
        }
    }

    private Linearizability() {}

    static <S, O> boolean holds(Model<S, O> model, List<Operation<O>> history) {
        Moment start = moments(history);
        BitSet done = new BitSet(history.size());
        Set<Tried<S>> tried = new HashSet<>();
        Deque<Step<S>> steps = new ArrayDeque<>();
        S state = model.initial();
        Moment at = start.next;
        while (at != null) {
            if (at.answer == null) { // it is due, and not done: the last step was wrong
                if (steps.isEmpty()) {
                    return false;
                }
                Step<S> wrong = steps.pop();
                state = wrong.before;
                done.clear(wrong.call.operation);
                at = undone(wrong.call).next;
                continue;
            }
            Optional<S> after = model.after(state, history.get(at.operation).what());
            if (after.isPresent() && tried.add(tried(done, at.operation, after.get()))) {
                steps.push(new Step<>(at, state));
                state = after.get();
                done.set(at.operation);
                at = done(at, start);
            } else {
                at = at.next;
            }
        }
        return true;
    }

    private static <S> Tried<S> tried(BitSet done, int operation, S state) {
        BitSet with = (BitSet) done.clone();
        with.set(operation);
        return new Tried<>(with, state);
    }

    private static @Nullable Moment done(Moment call, Moment start) {
        call.unlink();
        if (call.answer != null) {
            call.answer.unlink();
        }
        return start.next;
    }

    private static Moment undone(Moment call) {
        if (call.answer != null) {
            call.answer.relink();
        }
        call.relink();
        return call;
    }

    /** All moments by time, behind one that is none. Of a call and an answer at the same time the call comes first. */
    private static <O> Moment moments(List<Operation<O>> history) {
        record Timed(long at, Moment moment) {}
        List<Timed> all = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            Moment answer = new Moment(i, null);
            all.add(new Timed(history.get(i).called(), new Moment(i, answer)));
            all.add(new Timed(history.get(i).answered(), answer));
        }
        all.sort(Comparator.comparingLong(Timed::at).thenComparing(timed -> timed.moment.answer == null));
        Moment start = new Moment(-1, null);
        Moment last = start;
        for (Timed timed : all) {
            timed.moment.previous = last;
            last.next = timed.moment;
            last = timed.moment;
        }
        return start;
    }
}
