package ledger.query;

import static java.util.stream.Collectors.groupingBy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import ledger.api.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;

/** All groups of projections on this node: starts them when there is a ledger, and says how they are. */
@Component("projections")
public class Projections implements SmartLifecycle, HealthIndicator, MeterBinder {

    private static final Logger LOG = LoggerFactory.getLogger(Projections.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final LedgerFeed feed;
    private final Map<String, Projector> projectors = new TreeMap<>();
    private volatile boolean running;
    private volatile boolean started;
    private @Nullable Thread watch;

    Projections(List<Projection> projections, LedgerFeed feed, JdbcClient database, DataSource dataSource) {
        this.feed = feed;
        JdbcTransactionManager transactions = new JdbcTransactionManager(dataSource);
        projections.stream()
                .collect(groupingBy(Projection::group))
                .forEach((group, members) ->
                        projectors.put(group, new Projector(group, members, feed, database, transactions)));
    }

    /**
     * The position that the views of a group have reached at least; read it before the view. Waits until that is not less
     * than {@code wanted}: up to five seconds, then refuses.
     */
    public long reached(String group, @Nullable Long wanted) {
        Projector projector = projector(group);
        if (wanted != null) {
            if (wanted < 0) {
                throw Problem.INVALID_PARAMETER.because("Ledger-Position must not be negative");
            }
            projector.await(wanted, PATIENCE);
        }
        return projector.position();
    }

    @Override
    public void start() {
        running = true;
        watch = Thread.ofVirtual().name("projections").start(this::watch);
    }

    @Override
    public void stop() {
        running = false;
        if (watch != null) {
            watch.interrupt();
        }
        projectors.values().forEach(Projector::stop);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before anything is served, and until nothing is served any more; after the feed, which is in phase 0. */
    @Override
    public int getPhase() {
        return 1;
    }

    private void watch() {
        try {
            while (running) {
                if (!started && feed.head() >= 0) {
                    projectors.values().forEach(Projector::start);
                    started = true;
                }
                observe();
                feed.awaitBeyond(started ? Long.MAX_VALUE : -1, 1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // it is to stop
        }
    }

    private void observe() {
        try {
            projectors.values().forEach(Projector::observe);
        } catch (DataAccessException e) {
            LOG.debug("The positions of the views cannot be read now", e);
        }
    }

    @Override
    public Health health() {
        Health.Builder health = new Health.Builder(isWell() ? Status.UP : Status.DOWN);
        if (!started) {
            health.withDetail("waiting", "there is no ledger in this database yet");
        }
        health.withDetail("head", feed.head());
        projectors.forEach((group, projector) -> health.withDetail(group, detail(projector)));
        return health.build();
    }

    private boolean isWell() {
        return started && projectors.values().stream().allMatch(projector -> projector.trouble() == null);
    }

    private static Map<String, Object> detail(Projector projector) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("position", projector.position());
        String trouble = projector.trouble();
        if (trouble != null) {
            detail.put("error", trouble);
        }
        return detail;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        projectors.forEach((group, projector) -> {
            Gauge.builder("ledger.projection.lag", projector, Projector::lag)
                    .description("Events that the views have not taken in yet")
                    .tag("projection", group)
                    .register(registry);
            TimeGauge.builder("ledger.projection.lag.time", projector, TimeUnit.MILLISECONDS, Projector::lagMillis)
                    .description("How long ago the views last showed all events")
                    .tag("projection", group)
                    .register(registry);
        });
    }

    private Projector projector(String group) {
        Projector projector = projectors.get(group);
        if (projector == null) {
            throw new IllegalArgumentException("there is no group " + group);
        }
        return projector;
    }
}
