package ledger.command;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import ledger.api.CustomerId;
import ledger.api.LedgerEvent;
import ledger.api.LimitView;
import ledger.api.StreamIds;
import ledger.api.TenantId;
import ledger.api.UsageCommand.RecordUsage;
import ledger.api.UsageEvent;
import ledger.api.UsageEvent.Recorded;
import ledger.command.Commands.History;
import ledger.command.domain.UsageDecisions;
import ledger.command.store.Memory;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.annotation.SourceId;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.AggregateRoot;
import org.axonframework.modelling.command.CreationPolicy;
import org.jspecify.annotations.Nullable;

/** What a subscription has used of a metric, as Axon's aggregate: one per period, or one for all time for an allocation. */
@AggregateRoot(type = "usage")
final class Usage implements Memory {

    @AggregateIdentifier
    private @Nullable String id;

    private @Nullable Recorded latest;
    private long version = -1;

    Usage() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Decided on(RecordUsage c, MetaData m, World w) {
        TenantId tenant = Stamp.tenant(m);
        UUID stream = StreamIds.usage(tenant, c.subscription(), c.limit(), c.period());
        id = stream.toString();
        for (UsageEvent event : UsageDecisions.decide(latest == null ? 0 : latest.used(), c)) {
            AggregateLifecycle.apply(event, Stamp.by(m, c));
        }
        w.keep(this);
        return decided(stream);
    }

    @EventSourcingHandler
    void on(UsageEvent event, @SourceId String source, @SequenceNumber long number) {
        id = source;
        version = number;
        latest = switch (event) {
            case Recorded recorded -> recorded;
        };
    }

    /** The usage as it was after an event: each states the sum since. */
    record LastEvent() implements History {

        @Override
        public Decided replay(UUID stream, long version, List<LedgerEvent> events) {
            Usage replayed = new Usage();
            replayed.on((UsageEvent) events.getLast(), stream.toString(), version);
            return replayed.decided(stream);
        }

        @Override
        public boolean isInLastEvent() {
            return true;
        }
    }

    @Override
    public Usage copy() {
        Usage copy = new Usage();
        copy.id = id;
        copy.latest = latest;
        copy.version = version;
        return copy;
    }

    @Override
    public @Nullable CustomerId owner() {
        return null;
    }

    private Decided decided(UUID stream) {
        Recorded recorded = Objects.requireNonNull(latest, "a decision to record usage has an event");
        return new Decided(stream, LimitView.of(recorded.limit(), recorded.used(), recorded.period()), version);
    }
}
