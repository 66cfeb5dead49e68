package ledger.command;

import java.util.List;
import java.util.UUID;
import ledger.api.LedgerEvent;
import ledger.api.PlanCommand;
import ledger.api.PlanCommand.Publish;
import ledger.api.PlanCommand.Retire;
import ledger.api.PlanCommand.Revise;
import ledger.api.PlanEvent;
import ledger.api.PlanView;
import ledger.api.TenantId;
import ledger.command.domain.PlanDecisions;
import ledger.command.domain.PlanDecisions.Catalogued;
import ledger.command.domain.PlanDecisions.PlanState;
import ledger.command.domain.PlanDecisions.PlanState.Known;
import ledger.command.domain.PlanDecisions.PlanState.RetiredPlan;
import ledger.command.domain.PlanDecisions.PlanState.Unpublished;
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

/** A plan as Axon's aggregate. */
@AggregateRoot(type = "plan")
final class Plan {

    @AggregateIdentifier
    private @Nullable String id;

    private PlanState state = new Unpublished();
    private long version = -1;

    Plan() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.ALWAYS)
    Decided on(Publish c, MetaData m, World w) {
        return decide(c, m, w);
    }

    @CommandHandler
    Decided on(Revise c, MetaData m, World w) {
        return decide(c, m, w);
    }

    @CommandHandler
    Decided on(Retire c, MetaData m, World w) {
        return decide(c, m, w);
    }

    @EventSourcingHandler
    void on(PlanEvent event, @SourceId String source) {
        id = source;
        evolve(event);
    }

    /** The plan as it was after the given events, its first ones. */
    static Decided replay(UUID stream, List<? extends LedgerEvent> events) {
        Plan replayed = new Plan();
        events.forEach(event -> replayed.evolve((PlanEvent) event));
        return replayed.decided(stream);
    }

    private Decided decide(PlanCommand command, MetaData stamp, World world) {
        Stamp.requireVersion(stamp, version);
        TenantId tenant = Stamp.tenant(stamp);
        UUID stream = command.plan().streamIn(tenant);
        id = stream.toString();
        for (PlanEvent event : PlanDecisions.decide(state, command, world.now(tenant))) {
            AggregateLifecycle.apply(event, Stamp.by(stamp, command));
        }
        return decided(stream);
    }

    private void evolve(PlanEvent event) {
        state = PlanDecisions.evolve(state, event);
        version++;
    }

    private Decided decided(UUID stream) {
        Catalogued entry = ((Known) state).entry();
        boolean retired = state instanceof RetiredPlan;
        PlanView view =
                PlanView.of(entry.slug(), entry.version(), entry.terms(), retired, entry.publishedAt(), version);
        return new Decided(stream, view, version);
    }
}
