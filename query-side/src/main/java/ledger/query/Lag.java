package ledger.query;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** How long something has been behind the end of the ledger: how old the first event is that it has not taken in. */
public final class Lag {

    /** With more the oldest ones are thinned out: what is hours behind may be told to the minute. */
    private static final int MOST = 1_000;

    /** The ledger had come so far at that time. */
    private record Mark(long head, long at) {}

    private final Deque<Mark> marks = new ArrayDeque<>();

    /** To be told now and then, also when nothing moves. */
    public synchronized void observe(long head, long position) {
        forget(position);
        if (head > position && (marks.isEmpty() || marks.getLast().head < head)) {
            marks.addLast(new Mark(head, System.nanoTime()));
        }
        if (marks.size() > MOST) {
            Mark oldest = marks.getFirst();
            boolean[] odd = {false};
            marks.removeIf(mark -> mark != oldest && (odd[0] = !odd[0]));
        }
    }

    /** For what has come this far. */
    public synchronized long millis(long position) {
        forget(position);
        return marks.isEmpty() ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - marks.getFirst().at);
    }

    private void forget(long position) {
        while (!marks.isEmpty() && marks.getFirst().head <= position) {
            marks.removeFirst();
        }
    }
}
