package ledger.query.job;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import ledger.query.StoredJson;
import org.jspecify.annotations.Nullable;

/** One attempt at a job, on the node that holds its lease. */
public final class Run {

    /** It was paused or canceled, its node stops, or another node has taken it over. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopped() {
            super("stopped", null, false, false);
        }
    }

    private final JobTable table;
    private final JobTable.Claimed claimed;
    private final AtomicLong done;
    private final AtomicLong total;
    private final long begun = System.nanoTime();
    private final long doneBefore;
    private volatile boolean stopped;

    Run(JobTable table, JobTable.Claimed claimed) {
        this.table = table;
        this.claimed = claimed;
        this.done = new AtomicLong(claimed.done());
        this.doneBefore = claimed.done();
        this.total = new AtomicLong(claimed.total());
    }

    public UUID id() {
        return claimed.id();
    }

    public String subject() {
        return claimed.subject();
    }

    /** What the last attempt kept; empty on the first. */
    public <T> Optional<T> checkpoint(Class<T> type) {
        return Optional.ofNullable(claimed.checkpoint()).map(json -> StoredJson.read(json, type));
    }

    /** How much there is to do, and how much of it is done already. */
    public void expect(long events, long before) {
        total.set(events);
        done.set(before);
    }

    /** To be called every few thousand events at least: this is where it ends if it is to. */
    public void advance(long events) {
        done.addAndGet(events);
        requireGoing();
    }

    public void requireGoing() {
        if (stopped) {
            throw new Stopped();
        }
    }

    /** In the caller's transaction, which may commit only if the job is still this node's. */
    public void keep(Object checkpoint) {
        requireGoing();
        require(table.keep(id(), StoredJson.write(checkpoint), done.get(), total.get()));
    }

    /** In the caller's transaction: it is done. */
    public void finish(@Nullable Object result) {
        requireGoing();
        require(table.finish(id(), result == null ? null : StoredJson.write(result), total.get(), rate()));
    }

    double rate() {
        double seconds = (System.nanoTime() - begun) / 1e9;
        return seconds < 0.001 ? 0 : Math.max(0, done.get() - doneBefore) / seconds;
    }

    long done() {
        return done.get();
    }

    long total() {
        return total.get();
    }

    void stop() {
        stopped = true;
    }

    private static void require(boolean held) {
        if (!held) {
            throw new Stopped();
        }
    }
}
