package ledger.command;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import ledger.api.LedgerEvent;
import ledger.api.PlanCommand;
import ledger.api.Problem;
import ledger.api.ProductCommand;
import ledger.api.StreamIds;
import ledger.api.SubscriptionCommand;
import ledger.api.SubscriptionId;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.api.UsageCommand.RecordUsage;
import ledger.command.deadline.Deadlines;
import ledger.command.domain.Due;
import ledger.command.store.Appender;
import ledger.command.store.Execution;
import ledger.command.store.LedgerEngine;
import ledger.command.store.Memories;
import ledger.command.store.Streams;
import ledger.command.store.Streams.Stored;
import ledger.command.store.Uuid7;
import ledger.http.Traces;
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
final class Aggregates implements Deadlines.Effect {

    private static final int ATTEMPTS = 10;

    private final EventStore store;
    private final ParameterResolverFactory parameters;
    private final EventSourcingRepository<Subscription> subscriptions;
    private final Streams streams;
    private final Memories memories;

    Aggregates(Appender appender, Streams streams, World world, DeadlineManager deadlines, Traces traces) {
        this.streams = streams;
        memories = new Memories();
        LedgerEngine engine = new LedgerEngine(appender, streams, memories, traces);
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
    @Override
    public long elapse(TenantId tenant, UUID stream, Due.What what, Instant at) {
        for (int attempt = 1; ; attempt++) {
            Execution execution = new Execution(tenant, null, null, attempt > 1);
            try {
                execution.run(() -> deliver(tenant, stream, what, at));
                if (!execution.isUnconfirmed()) {
                    return execution.appended() ? execution.position() : 0;
                }
            } catch (ConcurrencyException lost) {
                if (attempt == ATTEMPTS) {
                    throw lost;
                }
            }
        }
    }

    /** Reads what many deadlines will be decided on, in one question. */
    @Override
    public void expect(Collection<UUID> expected) {
        streams.readAll(memories.absent(expected))
                .forEach((stream, events) -> memories.keep(
                        stream,
                        events,
                        Subscription.after(events.stream().map(Stored::event).toList())));
    }

    /**
     * What a subscription is, to make a command from: the append depends on its staying so. Whether the command is granted is
     * decided on the state at that moment.
     */
    SubscriptionView current(Execution execution, SubscriptionId id, boolean fresh) {
        Subscription subscription = fresh
                ? read(execution, id)
                : memories.of(id.value(), execution)
                        .map(it -> (Subscription) it.aggregate())
                        .orElseGet(() -> read(execution, id));
        SubscriptionView view = (SubscriptionView) subscription.decided().view();
        execution.guard(id.value(), view.version());
        return view;
    }

    private Subscription read(Execution execution, SubscriptionId id) {
        List<LedgerEvent> events =
                streams.read(execution.tenant(), execution.owner(), id.value(), 0, Long.MAX_VALUE).stream()
                        .map(Stored::event)
                        .toList();
        if (events.isEmpty()) {
            throw Problem.SUBSCRIPTION_NOT_FOUND.because("there is no " + id);
        }
        return Subscription.after(events);
    }

    /** By the tenant of a command and the id in it: commands need no annotations of a framework. */
    static VersionedAggregateIdentifier target(CommandMessage<?> message) {
        TenantId tenant = Stamp.tenant(message.getMetaData());
        UUID stream = switch (message.getPayload()) {
            case SubscriptionCommand command -> command.subscription().value();
            case PlanCommand command -> command.plan().streamIn(tenant);
            case ProductCommand command -> StreamIds.product(tenant, command.product());
            case RecordUsage command ->
                StreamIds.usage(tenant, command.subscription(), command.limit(), command.period());
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
