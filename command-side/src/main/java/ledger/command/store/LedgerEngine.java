package ledger.command.store;

import io.opentelemetry.api.trace.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import ledger.api.EventType;
import ledger.api.EventTypes;
import ledger.api.LedgerEvent;
import ledger.api.Problem;
import ledger.command.domain.Claims;
import ledger.command.store.Append.NewEvent;
import ledger.command.store.Append.Outcome.Answered;
import ledger.command.store.Append.Outcome.Lost;
import ledger.command.store.Append.Outcome.Stored;
import ledger.command.store.Append.Outcome.Taken;
import ledger.http.Traces;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;

/** The ledger as Axon's event storage: loads streams, and appends through the one {@link Appender} of the node. */
public final class LedgerEngine implements EventStorageEngine {

    private final Appender appender;
    private final Streams streams;
    private final Memories memories;
    private final Traces traces;

    public LedgerEngine(Appender appender, Streams streams, Memories memories, Traces traces) {
        this.appender = appender;
        this.streams = streams;
        this.memories = memories;
        this.traces = traces;
    }

    /**
     * Returns once the events are durable, with all that {@link Execution} adds to them.
     *
     * @throws ConcurrencyException another writer was first
     * @throws AlreadyAnswered the idempotency key was used before
     * @throws ledger.api.Rejected a claim is taken, or the ledger is overloaded or unavailable
     */
    @Override
    public void appendEvents(List<? extends EventMessage<?>> events) {
        Execution execution = Execution.current();
        List<NewEvent> stored = new ArrayList<>(events.size());
        for (EventMessage<?> event : events) {
            stored.add(toStore((DomainEventMessage<?>) event));
        }
        switch (append(execution.append(stored))) {
            case Stored(long position) -> {
                execution.stored(position);
                memories.keep(execution, stored.getLast());
            }
            case Lost(boolean exists)
            when exists -> throw new StreamExists(stored.getFirst().stream().toString());
            case Lost _ -> throw new ConcurrencyException(stored.getFirst().stream() + " has changed");
            case Taken(String scope, String key) -> throw taken(scope, key);
            case Answered(Answer first) -> throw new AlreadyAnswered(first);
        }
    }

    private Append.Outcome append(Append append) {
        Span span = traces.begin("append");
        try {
            return appender.append(append);
        } finally {
            span.end();
        }
    }

    /** What an earlier command left in memory stands for the events up to it, as Axon's snapshots do. */
    @Override
    public Optional<DomainEventMessage<?>> readSnapshot(String stream) {
        return memories.of(UUID.fromString(stream), Execution.current())
                .map(recalled -> new GenericDomainEventMessage<>(
                        recalled.streamType(),
                        stream,
                        recalled.version(),
                        recalled.aggregate().copy(),
                        MetaData.emptyInstance(),
                        stream,
                        Instant.EPOCH));
    }

    /** Of a stream that is remembered, what has come since is read only when it must be known; the append finds out otherwise. */
    @Override
    public DomainEventStream readEvents(String stream, long from) {
        Execution execution = Execution.current();
        if (from > 0 && execution.recalled()) {
            return DomainEventStream.empty();
        }
        List<Streams.Stored> events = streams.read(execution, UUID.fromString(stream), from);
        if (!events.isEmpty()) {
            execution.read(events.getLast().position());
        }
        return DomainEventStream.of(events.stream().map(event -> message(stream, event)));
    }

    @Override
    public void storeSnapshot(DomainEventMessage<?> snapshot) {
        throw new UnsupportedOperationException("the ledger keeps no snapshots");
    }

    @Override
    public Stream<? extends TrackedEventMessage<?>> readEvents(@Nullable TrackingToken token, boolean mayBlock) {
        throw new UnsupportedOperationException("the command side decides; the query side follows the ledger");
    }

    private NewEvent toStore(DomainEventMessage<?> message) {
        LedgerEvent event = (LedgerEvent) message.getPayload();
        EventType type = EventTypes.of(event.getClass());
        return new NewEvent(
                UUID.fromString(message.getIdentifier()),
                UUID.fromString(message.getAggregateIdentifier()),
                message.getType(),
                message.getSequenceNumber(),
                type.value(),
                type.revision(),
                event.at(),
                StoredJson.MAPPER.writeValueAsString(event),
                StoredJson.MAPPER.writeValueAsString(strings(message.getMetaData())));
    }

    private static Map<String, String> strings(MetaData metadata) {
        Map<String, String> strings = new LinkedHashMap<>();
        metadata.forEach((key, value) -> strings.put(key, value.toString()));
        return strings;
    }

    private static DomainEventMessage<LedgerEvent> message(String stream, Streams.Stored event) {
        return new GenericDomainEventMessage<>(
                event.streamType(),
                stream,
                event.version(),
                event.event(),
                MetaData.emptyInstance(),
                event.id().toString(),
                event.effectiveAt());
    }

    private static RuntimeException taken(String scope, String key) {
        return scope.equals(Claims.REFERENCE)
                ? Problem.REFERENCE_TAKEN.because("the reference is taken: " + key)
                : Problem.LIVE_SUBSCRIPTION_EXISTS.because("product and customer: " + key);
    }
}
