package ledger.query.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import ledger.query.LedgerFeed;
import ledger.query.Lines;
import ledger.query.Lines.Line;
import ledger.query.Lines.Part;
import ledger.query.Lines.Wanted;
import org.springframework.stereotype.Component;

/** The newest events, read once for all who follow the ledger live. Who lags behind them reads for itself. */
@Component
final class Tail {

    private static final int KEPT = 2000;

    private final Lines lines;
    private final LedgerFeed feed;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Recent recent = new Recent(0, 0, List.of());

    Tail(Lines lines, LedgerFeed feed) {
        this.lines = lines;
        this.feed = feed;
    }

    /** The next events that are wanted, at most {@code most}, as far as the ledger is known to go. */
    Part next(Wanted wanted, long position, int most) {
        long head = feed.head();
        if (position >= head) {
            return new Part(List.of(), position);
        }
        Recent known = position < head - KEPT ? recent : upTo(head);
        return known.after <= position && position < known.last
                ? known.next(wanted, position, most)
                : lines.next(wanted, position, head, most);
    }

    private Recent upTo(long head) {
        if (recent.last >= head) {
            return recent;
        }
        reading.lock();
        try {
            if (recent.last < head - KEPT) { // nobody has followed for a while
                recent = new Recent(head - KEPT, head - KEPT, List.of());
            }
            while (recent.last < head) {
                recent = recent.with(lines.next(recent.last, head));
            }
            return recent;
        } finally {
            reading.unlock();
        }
    }

    /** The events of every tenant after position {@code after} and up to {@code last}. */
    private record Recent(long after, long last, List<Line> lines) {

        Part next(Wanted wanted, long position, int most) {
            List<Line> found = new ArrayList<>();
            int start = (int) Math.max(0, lines.size() - (last - position));
            for (Line line : lines.subList(start, lines.size())) {
                if (line.position() > position && wanted.includes(line)) {
                    found.add(line);
                    if (found.size() == most) {
                        return new Part(found, line.position());
                    }
                }
            }
            return new Part(found, last);
        }

        Recent with(Part more) {
            List<Line> all = new ArrayList<>(lines);
            all.addAll(more.lines());
            int tooMany = Math.max(0, all.size() - KEPT);
            long start = tooMany == 0 ? after : all.get(tooMany - 1).position();
            return new Recent(start, more.reached(), List.copyOf(all.subList(tooMany, all.size())));
        }
    }
}
