package ledger.benchmarks;

import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Somebody in a comparison: does one kind of operation as fast as it can, for a while. */
interface Contender {

    /** Latencies are microseconds from when an operation was to start. */
    record Run(double rate, long count, Histogram latencies) {}

    String name();

    /** The processes whose time is the application's, beside PostgreSQL's and the load generator's. */
    default List<ProcessHandle> applications() {
        return List.of();
    }

    /** What a run of that length needs and is not measured. */
    default void prepare(Duration time) throws Exception {}

    Run run(Duration time) throws Exception;

    static Histogram histogram() {
        return new Histogram(Duration.ofMinutes(2).toNanos() / 1000, 3);
    }
}
