package ledger.command.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import ledger.api.TenantId;
import ledger.command.store.Append.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores a batch of appends in one transaction under the cluster-wide append lock, which is held until the commit is visible, so
 * that positions are gapless and in commit order on any number of nodes. It takes two round trips: one to lock and read, one to
 * write and commit. For one thread; it keeps a connection of its own.
 */
final class GroupCommit implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    /**
     * Planned once, and every row looked up by its index: plans must not depend on how small a table once was. A node that is
     * stopped while it holds the lock, or whose machine is gone, holds up the others no longer than this.
     */
    private static final String SETTINGS = """
            set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off;
            set enable_mergejoin = off; set idle_in_transaction_session_timeout = '3s'; set statement_timeout = '15s'
            """;

    /** The connection broke when the batch was sent: nobody knows yet whether it was stored. */
    private record Doubt(Batch batch, List<Outcome> outcomes) {}

    private final DataSource database;
    private final Set<TenantId> usedTenants = new HashSet<>();
    private @Nullable Connection connection;
    private @Nullable Doubt doubt;

    GroupCommit(DataSource database) {
        this.database = database;
    }

    /**
     * Tries until they are stored or it is out of patience. A batch whose commit is in doubt is looked up before it is tried
     * again.
     *
     * @throws SQLException nothing was stored
     * @throws OutcomeUnknown it may have been stored
     */
    List<Outcome> store(List<Append> appends) throws SQLException, OutcomeUnknown {
        long patience = System.nanoTime() + PATIENCE.toNanos();
        doubt = null;
        while (true) {
            try {
                if (doubt != null && isStored(doubt)) {
                    return doubt.outcomes;
                }
                doubt = null;
                return transact(appends);
            } catch (SQLException e) {
                if (isAboutData(e)) {
                    throw e;
                }
                LOG.warn("could not store {} commands yet: {}", appends.size(), e.getMessage());
                if (System.nanoTime() > patience && doubt != null) {
                    throw new OutcomeUnknown(e);
                } else if (System.nanoTime() > patience) {
                    throw e;
                }
            }
            pause();
        }
    }

    /** What the commands store is at fault (classes 22 and 23), not the database. */
    static boolean isAboutData(SQLException e) {
        return isOfClass(e, "22", "23");
    }

    @Override
    public void close() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                LOG.debug("a broken connection did not close", e);
            }
        }
    }

    private List<Outcome> transact(List<Append> appends) throws SQLException {
        Connection open = connection();
        try {
            Batch batch = new Batch(new LedgerReads(open).lockAndRead(appends));
            List<Outcome> outcomes = new ArrayList<>(appends.size());
            for (Append append : appends) {
                outcomes.add(batch.add(append));
            }
            if (batch.winners.isEmpty()) {
                open.rollback();
            } else {
                commit(open, batch, outcomes);
            }
            return outcomes;
        } catch (SQLException e) {
            rollback(open, e);
            throw e;
        }
    }

    private void commit(Connection open, Batch batch, List<Outcome> outcomes) throws SQLException {
        LedgerWrites writes = new LedgerWrites(open);
        Set<TenantId> newTenants = newTenants(batch);
        if (!newTenants.isEmpty()) {
            writes.used(newTenants);
        }
        try {
            writes.writeAndCommit(batch);
        } catch (SQLException e) {
            if (!isRefusal(e)) {
                doubt = new Doubt(batch, outcomes);
            }
            throw e;
        }
        usedTenants.addAll(newTenants);
    }

    /** An error that a live database answered with took the transaction back; anything else leaves its outcome open. */
    private static boolean isRefusal(SQLException e) {
        return isOfClass(e, "22", "23", "40", "42", "53", "55");
    }

    private static boolean isOfClass(SQLException e, String... classes) {
        String state = e.getSQLState();
        for (String one : classes) {
            if (state != null && state.startsWith(one)) {
                return true;
            }
        }
        return false;
    }

    /** The lock is taken first: a backend that is still committing holds it. */
    private boolean isStored(Doubt doubt) throws SQLException {
        Connection open = connection();
        try {
            LedgerReads reads = new LedgerReads(open);
            reads.lock();
            boolean stored = reads.holds(doubt.batch);
            open.rollback();
            return stored;
        } catch (SQLException e) {
            rollback(open, e);
            throw e;
        }
    }

    private Set<TenantId> newTenants(Batch batch) {
        Set<TenantId> tenants = new HashSet<>();
        for (Append append : batch.winners) {
            if (!append.events().isEmpty() && !usedTenants.contains(append.tenant())) {
                tenants.add(append.tenant());
            }
        }
        return tenants;
    }

    private Connection connection() throws SQLException {
        if (connection == null) {
            connection = database.getConnection();
            connection.setAutoCommit(true);
            try (Statement settings = connection.createStatement()) {
                settings.execute(SETTINGS);
            }
            connection.setAutoCommit(false);
        }
        return connection;
    }

    private void rollback(Connection open, SQLException cause) {
        try {
            open.rollback();
        } catch (SQLException broken) {
            cause.addSuppressed(broken);
        }
        if (!isRefusal(cause)) {
            close();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            LOG.debug("stopping while the database is away");
        }
    }
}
