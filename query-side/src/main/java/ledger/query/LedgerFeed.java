package ledger.query;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The ledger as a stream of events in the order of their positions. Positions have no gaps, so whatever lies after the last
 * one read is what comes next. One connection listens for appends and wakes all readers; it looks by itself once a second,
 * in case it was not told.
 */
@Component
public class LedgerFeed implements StreamableMessageSource<TrackedEventMessage<?>>, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerFeed.class);
    private static final int PATIENCE_MILLIS = 1000;
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /** Between two wakings: under load, readers take more at a time, which costs them less, and what comes alone is not kept waiting. */
    private static final Duration PACE = Duration.ofMillis(5);

    private final NewestEvents newest;
    private final OwnConnections listening;
    private final List<Runnable> callbacks = new CopyOnWriteArrayList<>();
    private final List<Runnable> losses = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private volatile long head = -1;
    private volatile boolean running;
    private @Nullable Thread listener;

    LedgerFeed(DataSource reading, OwnConnections listening) {
        this.newest = new NewestEvents(reading);
        this.listening = listening;
    }

    /** To be told when the database has gone: what it had not written to its disk may be gone with it. */
    void onLoss(Runnable told) {
        losses.add(told);
    }

    /** The last position known to be in the ledger; -1 as long as there is no ledger. */
    public long head() {
        return head;
    }

    /** Waits for the ledger to grow beyond {@code position}, and says whether it did. */
    public boolean awaitBeyond(long position, long timeout, TimeUnit unit) throws InterruptedException {
        long remaining = unit.toNanos(timeout);
        lock.lockInterruptibly();
        try {
            while (head <= position && remaining > 0) {
                remaining = grown.awaitNanos(remaining);
            }
            return head > position;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken after) {
        return new Events(after instanceof GlobalSequenceTrackingToken token ? token.getGlobalIndex() : 0);
    }

    @Override
    public void start() {
        running = true;
        // To wait for a socket costs a virtual thread several times what it costs one that has nothing else to do.
        listener = Thread.ofPlatform().name("ledger-feed").daemon().start(this::listen);
    }

    @Override
    public void stop() {
        running = false;
        if (listener != null) {
            listener.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return 0;
    }

    private void listen() {
        while (running) {
            try (Connection connection = listening.open("ledger-feed", "ledger_query", SILENCE)) {
                follow(connection);
            } catch (SQLException e) {
                if (running) {
                    newest.forget();
                    losses.forEach(Runnable::run);
                    LOG.warn("The ledger cannot be followed, trying again: {}", e.getMessage());
                    rest();
                }
            }
        }
    }

    private void follow(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("listen ledger_appended");
            look(statement);
            while (running) {
                PGNotification[] heard = connection.unwrap(PGConnection.class).getNotifications(PATIENCE_MILLIS);
                if (heard == null || heard.length == 0) {
                    look(statement);
                } else {
                    advance(Long.parseLong(heard[heard.length - 1].getParameter()));
                    LockSupport.parkNanos(PACE.toNanos());
                }
            }
        }
    }

    private void look(Statement statement) throws SQLException {
        if (head < 0 && !isThere(statement)) {
            return;
        }
        try (ResultSet last = statement.executeQuery("select coalesce(max(position), 0) from ledger.event")) {
            last.next();
            advance(last.getLong(1));
        }
    }

    private static boolean isThere(Statement statement) throws SQLException {
        try (ResultSet ledger = statement.executeQuery("select to_regclass('ledger.event') is not null")) {
            return ledger.next() && ledger.getBoolean(1);
        }
    }

    private void advance(long position) {
        lock.lock();
        try {
            if (position > head) {
                head = position;
                grown.signalAll();
                callbacks.forEach(Runnable::run);
            }
        } finally {
            lock.unlock();
        }
    }

    private void rest() {
        lock.lock();
        try {
            grown.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            // it is to stop
        } finally {
            lock.unlock();
        }
    }

    /** Reads in chunks, and only when there is something to read. */
    private final class Events implements BlockingStream<TrackedEventMessage<?>> {

        private final Deque<TrackedEventMessage<?>> read = new ArrayDeque<>();
        private long position;
        private @Nullable Runnable callback;

        Events(long after) {
            this.position = after;
        }

        @Override
        public Optional<TrackedEventMessage<?>> peek() {
            if (read.isEmpty() && head > position) {
                readNext();
            }
            return Optional.ofNullable(read.peek());
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            return peek().isPresent() || (awaitBeyond(position, timeout, unit) && peek().isPresent());
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            while (!hasNextAvailable(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                // goes on waiting until interrupted
            }
            return read.remove();
        }

        @Override
        public boolean setOnAvailableCallback(Runnable onAvailable) {
            callback = onAvailable;
            callbacks.add(onAvailable);
            return true;
        }

        @Override
        public void close() {
            callbacks.remove(callback);
        }

        private void readNext() {
            newest.after(position).forEach(event -> read.add(message(event)));
            if (!read.isEmpty()) {
                position = positionOf(read.getLast());
            }
        }
    }

    static long positionOf(TrackedEventMessage<?> message) {
        return ((GlobalSequenceTrackingToken) message.trackingToken()).getGlobalIndex();
    }

    private static TrackedEventMessage<UnreadEvent> message(UnreadEvent event) {
        return new GenericTrackedDomainEventMessage<>(
                new GlobalSequenceTrackingToken(event.position()),
                event.streamType(),
                event.stream().toString(),
                event.version(),
                new GenericMessage<>(event.id(), event, MetaData.emptyInstance()),
                () -> event.read().event().at());
    }
}
