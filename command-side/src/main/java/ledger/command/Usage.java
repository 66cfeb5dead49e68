package ledger.command;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import ledger.api.LedgerEvent;
import ledger.api.LimitView;
import ledger.api.TenantId;
import ledger.api.UsageCommand.RecordUsage;
import ledger.api.UsageEvent;
import ledger.api.UsageEvent.Recorded;
import ledger.command.domain.UsageDecisions;
import ledger.command.store.Streams;
import org.axonframework.commandhandling.CommandHandler;
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
final class Usage {

    @AggregateIdentifier
    private @Nullable String id;

    private @Nullable Recorded latest;
    private long version = -1;

    Usage() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Decided on(RecordUsage c, MetaData m) {
        TenantId tenant = Stamp.tenant(m);
        UUID stream = Streams.usage(tenant, c);
        id = stream.toString();
        for (UsageEvent event : UsageDecisions.decide(latest == null ? 0 : latest.used(), c)) {
            AggregateLifecycle.apply(event, Stamp.by(m, c));
        }
        return decided(stream);
    }

    @EventSourcingHandler
    void on(UsageEvent event, @SourceId String source) {
        id = source;
        evolve(event);
    }

    /** The usage as it was after the given events, its first ones. */
    static Decided replay(UUID stream, List<? extends LedgerEvent> events) {
        Usage replayed = new Usage();
        events.forEach(event -> replayed.evolve((UsageEvent) event));
        return replayed.decided(stream);
    }

    private void evolve(UsageEvent event) {
        latest = switch (event) {
            case Recorded recorded -> recorded;
        };
        version++;
    }

    private Decided decided(UUID stream) {
        Recorded recorded = Objects.requireNonNull(latest, "a decision to record usage has an event");
        return new Decided(stream, LimitView.of(recorded.limit(), recorded.used(), recorded.period()), version);
    }
}
