package ledger.query.seal;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import ledger.query.Lag;
import ledger.query.LedgerFeed;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** How far the ledger is sealed, whichever node seals it, as this one knows; and what keeps it from going on. */
@Component("seal")
final class SealStatus implements HealthIndicator, MeterBinder {

    private static final Duration STALLED = Duration.ofSeconds(15);

    private final LedgerFeed feed;
    private final SealSettings settings;
    private volatile long sealed = -1;
    private final Lag lag = new Lag();
    private volatile long movedAt = System.nanoTime();
    private volatile boolean here;
    private volatile boolean damaged;
    private volatile @Nullable String trouble;

    SealStatus(LedgerFeed feed, SealSettings settings) {
        this.feed = feed;
        this.settings = settings;
    }

    /** To be told now and then, also when nothing changes. */
    void reached(long size) {
        if (size > sealed) {
            sealed = size;
            movedAt = System.nanoTime();
        }
        lag.observe(feed.head(), Math.max(0, sealed));
        if (lag() == 0) {
            movedAt = System.nanoTime();
        }
    }

    void sealsHere(boolean now) {
        here = now;
        if (now) {
            trouble = null;
            damaged = false;
        }
    }

    /** What was sealed is not there any more as it was: nothing is sealed until somebody has looked into it. */
    void damaged() {
        damaged = true;
    }

    /** Whether that is news. */
    boolean trouble(String message) {
        boolean isNew = !message.equals(trouble);
        trouble = message;
        return isNew;
    }

    private long lag() {
        return Math.max(0, feed.head() - Math.max(0, sealed));
    }

    private long lagMillis() {
        return lag.millis(Math.max(0, sealed));
    }

    @Override
    public Health health() {
        if (!settings.on()) {
            return Health.up().withDetail("off", "LEDGER_SEAL").build();
        }
        boolean stalled = lag() > 0 && System.nanoTime() - movedAt > STALLED.toNanos();
        Health.Builder health = (stalled || damaged ? Health.down() : Health.up())
                .withDetail("position", sealed)
                .withDetail("lag", lag())
                .withDetail("here", here);
        String known = trouble;
        return (known == null ? health : health.withDetail("error", known)).build();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        if (settings.on()) {
            Gauge.builder("ledger.seal.lag", this, SealStatus::lag)
                    .description("Events that are not sealed yet")
                    .register(registry);
            TimeGauge.builder("ledger.seal.lag.time", this, TimeUnit.MILLISECONDS, SealStatus::lagMillis)
                    .description("How old the first event is that is not sealed yet")
                    .register(registry);
        }
    }
}
