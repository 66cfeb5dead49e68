package ledger.query;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import ledger.api.LedgerEvent;
import ledger.api.Problem;
import ledger.api.TenantId;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;

/** Moves one group of projections along the ledger, on whichever node holds its claim, and knows how far it has come. */
final class Projector implements EventHandlerInvoker {

    private static final int BATCH = 500;
    private static final Duration STALLED = Duration.ofSeconds(15);
    private static final Duration REFRESH = Duration.ofMillis(10);

    private final String group;
    private final List<Projection> projections;
    private final LedgerFeed feed;
    private final JdbcClient database;
    private final TrackingEventProcessor processor;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private volatile long position;
    private volatile long levelAt = System.nanoTime();
    private volatile long movedAt = levelAt;
    private boolean refreshing;

    Projector(
            String group,
            List<Projection> projections,
            LedgerFeed feed,
            JdbcClient database,
            PlatformTransactionManager transactions) {
        this.group = group;
        this.projections = projections;
        this.feed = feed;
        this.database = database;
        this.processor = TrackingEventProcessor.builder()
                .name(group)
                .eventHandlerInvoker(this)
                .messageSource(feed)
                .tokenStore(new StoredPosition(database, UUID.randomUUID().toString(), this::advanceTo))
                .transactionManager(() -> begin(transactions, database))
                .trackingEventProcessorConfiguration(TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                        .andBatchSize(BATCH)
                        .andTokenClaimInterval(1, TimeUnit.SECONDS)
                        .andInitialTrackingToken(_ -> new GlobalSequenceTrackingToken(0))
                        .andThreadFactory(
                                name -> Thread.ofVirtual().name(name + "-", 0).factory()))
                .build();
    }

    String group() {
        return group;
    }

    void start() {
        processor.start();
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
        return lag() > 0 && System.nanoTime() - movedAt > STALLED.toNanos() ? "it does not move on" : null;
    }

    /**
     * Waits until the views have passed {@code wanted}. The node that projects knows at once; another one looks at the stored
     * position, one thread for all that wait.
     */
    void await(long wanted, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            while (position < wanted) {
                long remaining = deadline - System.nanoTime();
                if (remaining <= 0) {
                    throw Problem.VIEW_BEHIND.because("the view is at position " + position);
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

    private void refresh() {
        advanceTo(StoredPosition.read(database, group));
    }

    /** To be called now and then: another node may have moved it on. */
    void observe() {
        refresh();
        if (lag() == 0) {
            levelAt = System.nanoTime();
            movedAt = levelAt;
        }
    }

    long lag() {
        return Math.max(0, feed.head() - position);
    }

    long lagMillis() {
        return lag() == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - levelAt);
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
        return projections.stream().anyMatch(projection -> projection.concerns(message.getPayloadType()));
    }

    /** Collects; the tables are written once for the whole batch, last of all before its commit. */
    @Override
    public void handle(EventMessage<?> message, Segment segment) {
        UnitOfWork<?> unit = CurrentUnitOfWork.get().root();
        Batch batch = unit.getOrComputeResource(group, _ -> new Batch(new ArrayList<>()));
        if (batch.events.isEmpty()) {
            unit.onPrepareCommit(_ -> batch.apply(projections));
        }
        batch.events.add(recorded((GenericTrackedDomainEventMessage<?>) message));
    }

    private record Batch(List<Recorded> events) {
        void apply(List<Projection> projections) {
            for (Projection projection : projections) {
                List<Recorded> concerned = events.stream()
                        .filter(recorded -> projection.concerns(recorded.event().getClass()))
                        .toList();
                if (!concerned.isEmpty()) {
                    projection.apply(concerned);
                }
            }
        }
    }

    private static Recorded recorded(GenericTrackedDomainEventMessage<?> message) {
        return new Recorded(
                LedgerFeed.positionOf(message),
                new TenantId(String.valueOf(message.getMetaData().get(StoredMessage.TENANT))),
                UUID.fromString(message.getAggregateIdentifier()),
                message.getSequenceNumber(),
                (LedgerEvent) message.getPayload());
    }

    /** As the one who writes views, and sees those of all tenants: readers are somebody else. */
    private static Transaction begin(PlatformTransactionManager transactions, JdbcClient database) {
        TransactionStatus status = transactions.getTransaction(null);
        try {
            database.sql("set local role ledger_projector").update();
        } catch (RuntimeException e) {
            transactions.rollback(status);
            throw e;
        }
        return new Transaction() {
            @Override
            public void commit() {
                transactions.commit(status);
            }

            @Override
            public void rollback() {
                transactions.rollback(status);
            }
        };
    }
}
