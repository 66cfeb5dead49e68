package ledger.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/** A timer for each kind of what is timed. To record costs a look into a map: every request and every command does so. */
public final class Timers<K> {

    /** Upper bounds of the buckets that are published, from which any percentile of all nodes together can be estimated. */
    private static final Duration[] BUCKETS = Stream.of(1, 2, 5, 10, 25, 50, 100, 250, 1000, 5000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Function<K, Timer.Builder> builder;
    private final Map<K, Timer> timers = new ConcurrentHashMap<>();

    public Timers(MeterRegistry registry, Function<K, Timer.Builder> builder) {
        this.registry = registry;
        this.builder = builder;
    }

    /** From {@code begin}, as {@link System#nanoTime} told it, until now. */
    public void record(K kind, long begin) {
        Timer timer = timers.get(kind);
        if (timer == null) {
            timer = timers.computeIfAbsent(kind, this::register);
        }
        timer.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
    }

    private Timer register(K kind) {
        return builder.apply(kind).serviceLevelObjectives(BUCKETS).register(registry);
    }
}
