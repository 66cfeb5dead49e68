package ledger.command;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import ledger.api.PlanCommand;
import ledger.api.ProductCommand;
import ledger.api.SubscriptionCommand;
import ledger.api.TenantId;
import ledger.api.UsageCommand.RecordUsage;
import ledger.command.domain.Due;
import ledger.command.store.Execution;
import ledger.command.store.LedgerEngine;
import ledger.command.store.Streams;
import ledger.command.store.Uuid7;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.DeadlineMessage;
import org.axonframework.deadline.GenericDeadlineMessage;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.messaging.annotation.SimpleResourceParameterResolverFactory;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.modelling.command.AggregateAnnotationCommandHandler;
import org.axonframework.modelling.command.AggregateScopeDescriptor;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.modelling.command.VersionedAggregateIdentifier;

/** The aggregates on the ledger. Assembled by hand: nothing is configured that was not asked for. */
final class Aggregates {

    private static final int ATTEMPTS = 10;

    private final EventStore store;
    private final ParameterResolverFactory parameters;
    private final EventSourcingRepository<Subscription> subscriptions;

    Aggregates(LedgerEngine engine, World world, DeadlineManager deadlines) {
        store = EmbeddedEventStore.builder().storageEngine(engine).build();
        parameters = MultiParameterResolverFactory.ordered(
                ClasspathParameterResolverFactory.forClass(Aggregates.class),
                new SimpleResourceParameterResolverFactory(List.of(world, deadlines)));
        subscriptions = repository(Subscription.class);
    }

    void subscribe(CommandBus bus) {
        subscribe(bus, Subscription.class, subscriptions);
        subscribe(bus, Plan.class, repository(Plan.class));
        subscribe(bus, Product.class, repository(Product.class));
        subscribe(bus, Usage.class, repository(Usage.class));
    }

    /** Lets a deadline have its effect; the position of the last event, or 0 when nothing was due any more. */
    long elapse(TenantId tenant, UUID stream, Due.What what, Instant at) {
        for (int attempt = 1; ; attempt++) {
            Execution execution = new Execution(tenant, null);
            try {
                execution.run(() -> deliver(tenant, stream, what, at));
                return execution.appended() ? execution.position() : 0;
            } catch (ConcurrencyException lost) {
                if (attempt == ATTEMPTS) {
                    throw lost;
                }
            }
        }
    }

    /** By the tenant of a command and the id in it: commands need no annotations of a framework. */
    static VersionedAggregateIdentifier target(CommandMessage<?> message) {
        TenantId tenant = Stamp.tenant(message.getMetaData());
        UUID stream = switch (message.getPayload()) {
            case SubscriptionCommand command -> command.subscription().value();
            case PlanCommand command -> command.plan().streamIn(tenant);
            case ProductCommand command -> Streams.product(tenant, command.product());
            case RecordUsage command -> Streams.usage(tenant, command);
            default -> throw new IllegalArgumentException("not a command of the ledger: " + message.getPayloadType());
        };
        return new VersionedAggregateIdentifier(stream.toString(), null);
    }

    private Void deliver(TenantId tenant, UUID stream, Due.What what, Instant at) {
        DeadlineMessage<Due.What> message = new GenericDeadlineMessage<>(
                Subscription.DEADLINE,
                new GenericMessage<>(what, Stamp.ofTime(tenant, Uuid7.next().toString())),
                () -> at);
        AggregateScopeDescriptor scope = new AggregateScopeDescriptor("subscription", stream.toString());
        ResultMessage<?> result = DefaultUnitOfWork.startAndGet(message).executeWithResult(() -> {
            subscriptions.send(message, scope);
            return null;
        });
        if (result.isExceptional()) {
            throw result.exceptionResult() instanceof RuntimeException failure
                    ? failure
                    : new IllegalStateException(Objects.requireNonNull(result.exceptionResult()));
        }
        return null;
    }

    private <T> EventSourcingRepository<T> repository(Class<T> aggregate) {
        return EventSourcingRepository.builder(aggregate)
                .eventStore(store)
                .parameterResolverFactory(parameters)
                .build();
    }

    private <T> void subscribe(CommandBus bus, Class<T> aggregate, EventSourcingRepository<T> repository) {
        CommandTargetResolver target = Aggregates::target;
        AggregateAnnotationCommandHandler.<T>builder()
                .aggregateType(aggregate)
                .repository(repository)
                .commandTargetResolver(target)
                .parameterResolverFactory(parameters)
                .build()
                .subscribe(bus);
    }
}
