package ledger.benchmarks;

import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Somebody in a comparison: does one kind of operation as fast as it can, for a while. */
interface Contender {

    /** Slices of a warm-up, so many of which must have been no cheaper than those before, by what it takes to count. */
    Duration SLICE = Duration.ofSeconds(1);

    int STEADY = 4;
    double CHEAPER = 0.95;

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

    /**
     * Lets Java compile what is measured then: so many operations at least, and more for as long as they become cheaper, within the
     * patience.
     */
    default void warmUp(long count, Duration patience) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        double cheapest = Double.MAX_VALUE;
        int steady = 0;
        for (long done = 0; (done < count || steady < STEADY) && System.nanoTime() < deadline; ) {
            prepare(SLICE);
            Duration before = Cpu.of(applications());
            long ran = run(SLICE).count();
            double cost = (double) Cpu.of(applications()).minus(before).toNanos() / Math.max(1, ran);
            steady = cost < cheapest * CHEAPER ? 0 : steady + 1;
            cheapest = Math.min(cheapest, cost);
            done += ran;
        }
    }

    static Histogram histogram() {
        return new Histogram(Duration.ofMinutes(2).toNanos() / 1000, 3);
    }
}
