package ledger.query.seal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import ledger.query.LedgerFeed;
import ledger.query.OwnConnections;
import ledger.query.seal.Seal.Damaged;
import ledger.query.seal.Seal.Unsealable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Seals the ledger behind the appends: a checkpoint a second while events arrive. Of several nodes the one does it that holds
 * a lock of its database session; when that session ends, however it ends, it is the next one's turn.
 */
@Component
final class Sealer implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Sealer.class);

    static final long LOCK = 7_332_565_081_305_325L;

    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final String OWN_SESSION =
            "set idle_session_timeout = '30s'; set idle_in_transaction_session_timeout = '30s'";

    /** So many events at once: what a transaction takes in memory and time is bounded, however much there is to catch up. */
    private static final int MOST = 10_000;

    private final SealSettings settings;
    private final SealStatus status;
    private final LedgerFeed feed;
    private final OwnConnections connections;
    private volatile boolean running;
    private @Nullable Thread thread;

    Sealer(SealSettings settings, SealStatus status, LedgerFeed feed, OwnConnections connections) {
        this.settings = settings;
        this.status = status;
        this.feed = feed;
        this.connections = connections;
    }

    @Override
    public void start() {
        running = settings.on();
        if (running) {
            thread = Thread.ofVirtual().name("sealer").start(this::run);
        }
    }

    @Override
    public void stop() {
        running = false;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return 1;
    }

    private void run() {
        try {
            while (running) {
                try (Connection connection = connections.open("ledger-sealer", "ledger_sealer", SILENCE)) {
                    awaitTurn(connection);
                    work(connection);
                } catch (Unsealable e) {
                    report(e);
                    if (e instanceof Damaged) {
                        status.damaged();
                    }
                    Thread.sleep(settings.pace().multipliedBy(10)); // until somebody has done something about it
                } catch (SQLException | DataAccessException e) {
                    report(e);
                    Thread.sleep(settings.pace());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // it is to stop
        }
    }

    private void report(Exception failure) {
        String message = String.valueOf(failure.getMessage());
        if (running && status.trouble(message)) {
            LOG.warn("The ledger is not sealed here now, trying again: {}", message);
        }
    }

    private void awaitTurn(Connection connection) throws SQLException, InterruptedException {
        try (Statement session = connection.createStatement()) {
            session.execute(OWN_SESSION);
        }
        SealTables tables = Seal.tables(connection);
        try (PreparedStatement lock = connection.prepareStatement("select pg_try_advisory_lock(" + LOCK + ")")) {
            while (!isTrue(lock)) {
                status.reached(tables.size());
                Thread.sleep(settings.pace());
            }
        }
    }

    private static boolean isTrue(PreparedStatement question) throws SQLException {
        try (ResultSet answer = question.executeQuery()) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    private void work(Connection connection) throws SQLException, Unsealable, InterruptedException {
        Seal seal = Seal.resume(connection, settings);
        status.sealsHere(true);
        try {
            while (running) {
                status.reached(seal.size());
                long begin = System.nanoTime();
                if (feed.awaitBeyond(seal.size(), settings.pace().toMillis(), TimeUnit.MILLISECONDS)) {
                    long upTo = Math.min(feed.head(), seal.size() + MOST);
                    seal.extend(upTo);
                    status.reached(seal.size());
                    if (feed.head() - upTo < MOST) {
                        TimeUnit.NANOSECONDS.sleep(begin + settings.pace().toNanos() - System.nanoTime());
                    }
                } else {
                    seal.requireIntact(); // and the session lives and has the lock, as long as it is asked now and then
                }
            }
        } finally {
            status.sealsHere(false);
        }
    }
}
