package ledger.command.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.api.TenantId;
import ledger.command.store.Append.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a node: takes whatever commands are waiting, and stores them in one transaction under the cluster-wide
 * append lock. The lock is held until the commit is visible, so that positions are gapless and in commit order on any number
 * of nodes. There is no lingering: the next batch is what arrived while the last one was committing.
 */
public final class Appender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Appender.class);
    private static final int WAITING = 4096;
    private static final int BATCH = 512;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private record Pending(Append append, CompletableFuture<Outcome> outcome) {}

    /** The connection broke while committing: nobody knows yet whether the batch was stored. */
    private static final class InDoubt extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Batch batch;
        private final transient List<Outcome> outcomes;

        InDoubt(Batch batch, List<Outcome> outcomes, SQLException cause) {
            super(cause);
            this.batch = batch;
            this.outcomes = outcomes;
        }
    }

    private final DataSource database;
    private final BlockingQueue<Pending> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Set<TenantId> usedTenants = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private @Nullable Connection connection;
    private volatile boolean closed;

    public Appender(DataSource database) {
        this.database = database;
        this.thread = Thread.ofPlatform().name("ledger-appender").unstarted(this::work);
        thread.start();
    }

    /**
     * Stores it and returns once it is durable, or says why it was not stored.
     *
     * @throws ledger.api.Rejected {@code overloaded} when too many wait: nothing was stored; {@code unavailable} when the database did
     *     not answer in time: it may have been stored, and a repeat with the same idempotency key finds out
     */
    Outcome append(Append append) {
        Pending pending = new Pending(append, new CompletableFuture<>());
        if (closed || !waiting.offer(pending)) {
            throw Problem.OVERLOADED.because("too many commands are waiting to be stored: repeat it shortly");
        }
        try {
            return pending.outcome.get(PATIENCE.plusSeconds(10).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException refused ? refused : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw Problem.UNAVAILABLE.because(
                    "the database has not answered: whether the command was stored is not known yet");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.UNAVAILABLE.because("the ledger is stopping: whether the command was stored is not known");
        }
    }

    /** Keeps the answer of a command that changed nothing, when its client gave it a key. */
    public void remember(Execution execution, UUID stream, long version) {
        if (execution.key() != null) {
            remember(execution, execution.key().answer(stream, version, execution.position()));
        }
    }

    /** Keeps a refusal, when the client gave its command a key. */
    public void remember(Execution execution, Rejected rejected) {
        if (execution.key() != null) {
            remember(execution, execution.key().answer(rejected));
        }
    }

    private void remember(Execution execution, Answer answer) {
        Append append = new Append(execution.tenant(), List.of(), List.of(), null, List.of(), answer);
        if (append(append) instanceof Outcome.Answered(Answer first)) {
            throw new AlreadyAnswered(first);
        }
    }

    /** Stores what waits, and stops. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        while (!closed || !waiting.isEmpty()) {
            List<Pending> batch = next();
            if (!batch.isEmpty()) {
                answer(batch);
            }
        }
        discard();
    }

    private List<Pending> next() {
        List<Pending> batch = new ArrayList<>();
        try {
            if (!closed) {
                batch.add(waiting.take());
            }
        } catch (InterruptedException stopping) {
            LOG.debug("stopping");
        }
        waiting.drainTo(batch, BATCH - batch.size());
        return batch;
    }

    private void answer(List<Pending> batch) {
        try {
            List<Outcome> outcomes = store(batch);
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).outcome.complete(outcomes.get(i));
            }
        } catch (SQLException e) {
            if (batch.size() > 1 && isAboutData(e)) {
                batch.forEach(one -> answer(List.of(one)));
            } else {
                LOG.error("{} commands could not be stored", batch.size(), e);
                RuntimeException refusal = isAboutData(e)
                        ? new IllegalStateException("the database refused what a command stores", e)
                        : Problem.UNAVAILABLE.because("the database cannot be written to: nothing was stored");
                batch.forEach(one -> one.outcome.completeExceptionally(refusal));
            }
        } catch (RuntimeException | Error e) {
            discard();
            batch.forEach(one -> one.outcome.completeExceptionally(e));
        }
    }

    /** Tries until stored or out of patience; a batch whose commit is in doubt is looked up before it is tried again. */
    private List<Outcome> store(List<Pending> batch) throws SQLException {
        long patience = System.nanoTime() + PATIENCE.toNanos();
        InDoubt doubt = null;
        while (true) {
            try {
                if (doubt != null && wasStored(doubt)) {
                    return doubt.outcomes;
                }
                doubt = null;
                return transact(batch);
            } catch (InDoubt e) {
                LOG.warn("lost the database while committing {} commands: finding out", batch.size(), e);
                doubt = e;
            } catch (SQLException e) {
                if (isAboutData(e)) {
                    throw e;
                }
                LOG.warn("could not store {} commands yet: {}", batch.size(), e.getMessage());
                if (System.nanoTime() > patience) {
                    throw doubt == null ? e : unknown(e);
                }
            }
            pause();
        }
    }

    private List<Outcome> transact(List<Pending> batch) throws SQLException, InDoubt {
        Connection open = connection();
        try {
            LedgerReads reads = new LedgerReads(open);
            reads.lock();
            Batch deciding =
                    new Batch(reads.known(batch.stream().map(Pending::append).toList()));
            List<Outcome> outcomes = new ArrayList<>(batch.size());
            for (Pending pending : batch) {
                outcomes.add(deciding.add(pending.append));
            }
            if (deciding.winners.isEmpty()) {
                open.rollback();
                return outcomes;
            }
            LedgerWrites writes = new LedgerWrites(open);
            Set<TenantId> newTenants = newTenants(deciding);
            if (!newTenants.isEmpty()) {
                writes.used(newTenants);
            }
            writes.write(deciding);
            if (deciding.position() > deciding.start()) {
                writes.notifyReaders(deciding.position());
            }
            commit(open, deciding, outcomes);
            usedTenants.addAll(newTenants);
            return outcomes;
        } catch (SQLException e) {
            rollback(open, e);
            throw e;
        }
    }

    private void commit(Connection open, Batch batch, List<Outcome> outcomes) throws InDoubt {
        try {
            open.commit();
        } catch (SQLException e) {
            discard();
            throw new InDoubt(batch, outcomes, e);
        }
    }

    /** The lock is taken first: a backend that is still committing holds it. */
    private boolean wasStored(InDoubt doubt) throws SQLException {
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
            connection.setAutoCommit(false);
        }
        return connection;
    }

    private void rollback(Connection open, SQLException cause) {
        try {
            open.rollback();
        } catch (SQLException broken) {
            cause.addSuppressed(broken);
            discard();
        }
    }

    private void discard() {
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

    private static SQLException unknown(SQLException cause) {
        return new SQLException("the outcome of a commit is unknown", "08007", cause);
    }

    /** Classes 22 and 23: what the commands store is at fault, not the database. */
    private static boolean isAboutData(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23"));
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            LOG.debug("stopping while the database is away");
        }
    }
}
