package ledger.command.deadline;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import ledger.command.store.Execution;
import org.axonframework.deadline.AbstractDeadlineManager;
import org.axonframework.messaging.ScopeDescriptor;
import org.axonframework.modelling.command.AggregateScopeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Axon's deadline manager over {@code ledger.due}: what an aggregate schedules or cancels travels in the commit of its events.
 * A stream has one deadline at a time, so that scheduling replaces and cancelling removes it.
 */
public final class LedgerDeadlines extends AbstractDeadlineManager {

    @Override
    public String schedule(Instant at, String name, @Nullable Object what, ScopeDescriptor scope) {
        UUID stream = stream(scope);
        Execution.current().arm(stream, at, String.valueOf(what));
        return stream.toString();
    }

    @Override
    public String schedule(Duration after, String name, @Nullable Object what, ScopeDescriptor scope) {
        throw new UnsupportedOperationException("a deadline of the ledger is an instant, decided by the domain");
    }

    @Override
    public void cancelAllWithinScope(String name, ScopeDescriptor scope) {
        Execution.current().disarm(stream(scope));
    }

    @Override
    public void cancelSchedule(String name, String id) {
        Execution.current().disarm(UUID.fromString(id));
    }

    @Override
    public void cancelAll(String name) {
        throw new UnsupportedOperationException("deadlines follow from the events of their streams");
    }

    private static UUID stream(ScopeDescriptor scope) {
        return UUID.fromString(
                ((AggregateScopeDescriptor) scope).getIdentifier().toString());
    }
}
