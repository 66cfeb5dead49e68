package ledger.query;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import ledger.api.Problem;
import ledger.query.Progress.Place;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** Moves one group of projections along the ledger, on whichever node holds its claim, and knows how far it has come. */
final class Projector implements EventHandlerInvoker {

    private static final int BATCH = 500;
    private static final Duration STALLED = Duration.ofSeconds(15);
    private static final Duration REFRESH = Duration.ofMillis(10);
    private static final long UNBUILT = -1;

    private final Generation served;
    private final Intake intake;
    private final LedgerFeed feed;
    private final Progress progress;
    private final StoredPosition stored;
    private final ViewTraces traces;
    private final TrackingEventProcessor processor;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private volatile long position = UNBUILT;
    private volatile int parked;
    private final Lag lag = new Lag();
    private volatile long movedAt = System.nanoTime();
    private volatile double rate;
    private volatile boolean started;
    private long observedAt = movedAt;
    private long observed;
    private boolean refreshing;

    Projector(
            Generation served,
            Intake intake,
            LedgerFeed feed,
            Progress progress,
            JdbcTransactions transactions,
            ViewTraces traces) {
        this.served = served;
        this.intake = intake;
        this.feed = feed;
        this.progress = progress;
        this.traces = traces;
        this.stored = new StoredPosition(
                transactions.database(), served.version(), UUID.randomUUID().toString(), this::advanceTo);
        feed.onLoss(this::doubt);
        this.processor = TrackingEventProcessor.builder()
                .name(served.group())
                .eventHandlerInvoker(this)
                .messageSource(feed)
                .tokenStore(stored)
                .transactionManager(transactions)
                .trackingEventProcessorConfiguration(TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                        .andBatchSize(BATCH)
                        .andTokenClaimInterval(1, TimeUnit.SECONDS)
                        .andInitialTrackingToken(_ -> new GlobalSequenceTrackingToken(0))
                        .andThreadFactory(name ->
                                Thread.ofPlatform().name(name + "-", 0).daemon().factory()))
                .build();
    }

    Generation served() {
        return served;
    }

    Intake intake() {
        return intake;
    }

    /** Follows what is served, once there is something: until then it is built. */
    void startIfBuilt() {
        if (!started && progress.of(served).isPresent()) {
            refresh();
            processor.start();
            started = true;
        }
    }

    long stored() {
        return progress.of(served).map(Place::position).orElse(0L);
    }

    boolean isOursSince(long instant) {
        return stored.isHeldSince(instant);
    }

    boolean isBuilt() {
        return position != UNBUILT;
    }

    int parked() {
        return parked;
    }

    /** Events that it has taken in of late, a second. */
    double rate() {
        return rate;
    }

    void stop() {
        processor.shutDown();
    }

    /** How far the views are at least. */
    long position() {
        return position;
    }

    /** What keeps it from going on: its failure, on the node that holds the claim, or that no node seems to; null if it goes on. */
    @Nullable
    String trouble() {
        EventTrackerStatus status = processor.processingStatus().get(0);
        if (status != null && status.isErrorState()) {
            return String.valueOf(status.getError().getMessage());
        }
        return isBuilt() && lag() > 0 && System.nanoTime() - movedAt > STALLED.toNanos() ? "it does not move on" : null;
    }

    /**
     * Waits until the views have passed {@code wanted}. The node that projects knows at once; another one looks at the stored
     * position, one thread for all that wait.
     */
    void await(long wanted, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        do {
            awaitKnown(wanted, deadline);
        } while (wanted > 0 && isTakenBack(wanted));
    }

    /** Whether the database says otherwise: it may have crashed since, and whoever asks has been told of the event. */
    private boolean isTakenBack(long wanted) {
        long there = stored();
        if (there >= wanted) {
            return false;
        }
        takeBack(there);
        return true;
    }

    private void awaitKnown(long wanted, long deadline) {
        lock.lock();
        try {
            while (position < wanted) {
                long remaining = deadline - System.nanoTime();
                if (remaining <= 0) {
                    throw Problem.VIEW_BEHIND.because(behind());
                }
                if (advanced.awaitNanos(Math.min(remaining, REFRESH.toNanos())) <= 0 && !refreshing) {
                    refreshing = true;
                    lock.unlock();
                    try {
                        refresh();
                    } finally {
                        lock.lock();
                        refreshing = false;
                    }
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw Problem.UNAVAILABLE.because("the node is shutting down");
        } finally {
            lock.unlock();
        }
    }

    private String behind() {
        if (feed.head() < 0) {
            return "there is no ledger in this database yet";
        }
        return isBuilt() ? "the view is at position " + position : "the view is still being built";
    }

    private void refresh() {
        progress.of(served).ifPresent(place -> {
            parked = place.parked();
            advanceTo(place.position());
        });
    }

    /** To be called now and then: another node may have moved it on. */
    void observe() {
        refresh();
        long now = System.nanoTime();
        lag.observe(feed.head(), Math.max(0, position));
        if (lag() == 0) {
            movedAt = now;
        }
        if (now - observedAt >= TimeUnit.SECONDS.toNanos(1)) {
            rate = observed == UNBUILT ? 0 : (position - observed) * 1e9 / (now - observedAt);
            observed = position;
            observedAt = now;
        }
    }

    long lag() {
        return Math.max(0, feed.head() - Math.max(0, position));
    }

    long lagMillis() {
        return lag.millis(Math.max(0, position));
    }

    /** Views do not wait for the disk: a crash of the database takes the last ones back, and what is stored has to be read again. */
    private void doubt() {
        takeBack(0);
    }

    private void takeBack(long to) {
        lock.lock();
        try {
            position = Math.min(position, to);
        } finally {
            lock.unlock();
        }
    }

    private void advanceTo(long reached) {
        lock.lock();
        try {
            if (reached > position) {
                position = reached;
                movedAt = System.nanoTime();
                advanced.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean canHandle(EventMessage<?> message, Segment segment) {
        return intake.concerns((UnreadEvent) message.getPayload());
    }

    /** Collects; the tables are written once for the whole batch, last of all before its commit. */
    @Override
    public void handle(EventMessage<?> message, Segment segment) {
        UnitOfWork<?> unit = CurrentUnitOfWork.get().root();
        List<UnreadEvent> batch = unit.getOrComputeResource(served.group(), _ -> new ArrayList<>());
        if (batch.isEmpty()) {
            unit.onPrepareCommit(_ -> intake.take(served, stored.before(), batch));
            traces.follow(unit, served.group(), batch);
        }
        batch.add((UnreadEvent) message.getPayload());
    }
}
