package ledger.query;

import static java.util.stream.Collectors.groupingBy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
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
    private static final org.springframework.boot.health.contributor.Status DEGRADED =
            new org.springframework.boot.health.contributor.Status("DEGRADED", "some streams are parked");

    private final LedgerFeed feed;
    private final Replica replica;
    private final Map<String, Projector> projectors = new TreeMap<>();
    private volatile boolean running;
    private @Nullable Thread watch;

    Projections(
            List<Projection> projections,
            LedgerFeed feed,
            Progress progress,
            DataSource dataSource,
            Versions versions,
            ViewTraces traces,
            Replica replica) {
        this.feed = feed;
        this.replica = replica;
        JdbcClient database = JdbcClient.create(dataSource);
        JdbcTransactions transactions = new JdbcTransactions(new JdbcTransactionManager(dataSource), database);
        projections.stream()
                .collect(groupingBy(Projection::group))
                .forEach((group, members) -> projectors.put(
                        group,
                        new Projector(
                                versions.served(group),
                                new Intake(members, progress, database),
                                feed,
                                progress,
                                transactions,
                                traces)));
    }

    /**
     * The position that the views of a group have reached at least; read it before the view. Waits until that is not less
     * than {@code wanted}: up to five seconds, then refuses. From here on the request may be reading a replica.
     */
    public long reached(String group, @Nullable Long wanted) {
        Projector projector = projector(group);
        if (wanted != null && wanted < 0) {
            throw Problem.INVALID_PARAMETER.because("Ledger-Position must not be negative");
        }
        projector.await(wanted == null ? 0 : wanted, PATIENCE);
        return replica.reached(projector.served(), wanted).orElse(projector.position());
    }

    /**
     * Whether nothing but this node can have changed the views of a group since this {@link System#nanoTime}. What a replica shows
     * was ours a moment ago.
     */
    public boolean areOursSince(String group, long instant) {
        return !replica.isThere() && projector(group).isOursSince(instant);
    }

    /** The position that the views of a group are at, exactly; to be read in the snapshot of the view. */
    public long stored(String group) {
        return projector(group).stored();
    }

    /** How a group of projections is on this node; {@code error} is why it does not move on. */
    public record Status(
            String name,
            int version,
            State state,
            long position,
            long head,
            long lag,
            long lagMillis,
            long eventsPerSecond,
            int parked,
            @Nullable String error) {}

    public enum State {
        /** There is no ledger yet. */
        WAITING,
        /** This version's tables are made for the first time. */
        BUILDING,
        FOLLOWING,
        FAILING
    }

    public List<Status> status() {
        return projectors.values().stream().map(this::status).toList();
    }

    private Status status(Projector projector) {
        String error = projector.trouble();
        State state = feed.head() < 0
                ? State.WAITING
                : !projector.isBuilt() ? State.BUILDING : error == null ? State.FOLLOWING : State.FAILING;
        return new Status(
                projector.served().group(),
                projector.served().version(),
                state,
                Math.max(0, projector.position()),
                Math.max(0, feed.head()),
                projector.lag(),
                projector.lagMillis(),
                Math.round(projector.rate()),
                projector.parked(),
                error);
    }

    /** What takes events into the tables of a group, whichever generation of them. */
    public Intake intake(String group) {
        return projector(group).intake();
    }

    /** The groups that are to be built before anything of them is served. */
    public List<Generation> unbuilt() {
        return feed.head() < 0
                ? List.of()
                : projectors.values().stream()
                        .filter(projector -> !projector.isBuilt())
                        .map(Projector::served)
                        .toList();
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
                observe();
                feed.awaitBeyond(
                        isBuilt() ? Long.MAX_VALUE : feed.head(), isBuilt() ? 1000 : 20, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // it is to stop
        }
    }

    /** Whether everything that this version reads is there. */
    public boolean isBuilt() {
        return projectors.values().stream().allMatch(Projector::isBuilt);
    }

    private void observe() {
        try {
            if (feed.head() >= 0) {
                projectors.values().forEach(Projector::startIfBuilt);
                projectors.values().forEach(Projector::observe);
            }
        } catch (DataAccessException e) {
            LOG.debug("The positions of the views cannot be read now", e);
        }
    }

    /** Without a ledger, or while something is built or stands still, nobody should be sent here; parked streams are few. */
    @Override
    public Health health() {
        List<Status> all = status();
        boolean isWell = all.stream().allMatch(status -> status.state() == State.FOLLOWING);
        boolean isWhole = all.stream().allMatch(status -> status.parked() == 0);
        Health.Builder health = new Health.Builder(
                isWell
                        ? isWhole ? org.springframework.boot.health.contributor.Status.UP : DEGRADED
                        : org.springframework.boot.health.contributor.Status.DOWN);
        health.withDetail("head", feed.head());
        all.forEach(status -> health.withDetail(status.name(), status));
        return health.build();
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
            Gauge.builder("ledger.projection.parked", projector, Projector::parked)
                    .description("Streams with an event that could not be taken in")
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
