package ledger.benchmarks.load;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What came back within the time. Latencies are microseconds from the moment at which a request was to be sent, which is
 * earlier than that at which it was sent when all connections were busy.
 */
public record Outcome(Duration time, Histogram latencies, Map<Integer, Long> statuses) {

    static Outcome of(Duration time) {
        return new Outcome(time, new Histogram(Duration.ofMinutes(2).toNanos() / 1000, 3), new TreeMap<>());
    }

    public long count() {
        return latencies.getTotalCount();
    }

    public double rate() {
        return count() / (time.toNanos() / 1e9);
    }

    void add(int status, long nanos) {
        latencies.recordValue(Math.min(nanos / 1000, latencies.getHighestTrackableValue()));
        statuses.merge(status, 1L, Long::sum);
    }
}
