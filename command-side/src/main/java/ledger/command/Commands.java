package ledger.command;

import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import ledger.api.LedgerEvent;
import ledger.api.PlanCommand;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.command.store.AlreadyAnswered;
import ledger.command.store.Answer;
import ledger.command.store.Appender;
import ledger.command.store.Execution;
import ledger.command.store.StreamExists;
import ledger.command.store.Streams;
import ledger.http.Headers;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/**
 * Brings a command to its aggregate once: a command that lost a race is decided again as a whole, and one whose idempotency key
 * was used before is answered as it was then.
 */
final class Commands {

    private static final int ATTEMPTS = 30;

    /** A kind of thing that commands are about: what is said when it is missing or exists, and how its answer is made again. */
    record Kind(Problem missing, Problem exists, History history) {}

    /** Makes the answer again from a stream's events up to {@code version}. */
    @FunctionalInterface
    interface History {
        Decided replay(UUID stream, long version, List<LedgerEvent> events);

        /** Where each event tells all that earlier ones did, so that the last one is enough. */
        default boolean isInLastEvent() {
            return false;
        }
    }

    /** Makes the command, from what the catalogue says; {@code fresh} when an earlier attempt lost by what was read. */
    @FunctionalInterface
    interface Preparation {
        Object prepare(Execution execution, boolean fresh);
    }

    /** What was decided, and the position of its last event. */
    record Done(Decided decided, long position) {

        <V> ResponseEntity<V> answer(int status, Class<V> view) {
            return ResponseEntity.status(status)
                    .eTag("\"" + decided.version() + "\"")
                    .header(Headers.LEDGER_POSITION, Long.toString(position))
                    .body(view.cast(decided.view()));
        }
    }

    private final CommandGateway gateway;
    private final Appender appender;
    private final Streams streams;
    private final JsonMapper json;
    private final CommandMeter meter;

    Commands(CommandGateway gateway, Appender appender, Streams streams, JsonMapper json, CommandMeter meter) {
        this.gateway = gateway;
        this.appender = appender;
        this.streams = streams;
        this.json = json;
        this.meter = meter;
    }

    /**
     * Carries it out and returns once it is durable.
     *
     * @param body what, with method and path, makes a repeat the same request
     * @throws Rejected what the domain, a claim or the ledger itself refuses
     */
    Done send(Intent intent, @Nullable Object body, Kind kind, Preparation preparation) {
        return meter.observe(intent.operation(), () -> carryOut(intent, body, kind, preparation));
    }

    private Done carryOut(Intent intent, @Nullable Object body, Kind kind, Preparation preparation) {
        Execution.Key repeat = intent.repeat(body, json);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            boolean fresh = attempt > 1;
            Execution execution = new Execution(intent.tenant(), intent.owner(), repeat, fresh);
            try {
                Optional<Done> done = attempt(intent, kind, preparation, execution, fresh);
                if (done.isPresent()) {
                    return done.get();
                }
            } catch (AlreadyAnswered answered) {
                return again(intent, kind, repeat, answered.first());
            } catch (ConcurrencyException lost) {
                backOff(attempt);
            }
        }
        throw Problem.CONFLICT.because("lost " + ATTEMPTS + " races against other commands: repeat it");
    }

    /** Empty where it ended without a word from the ledger. */
    private Optional<Done> attempt(
            Intent intent, Kind kind, Preparation preparation, Execution execution, boolean fresh) {
        try {
            Decided decided = execution.run(() -> dispatch(intent, kind, preparation.prepare(execution, fresh)));
            if (execution.isUnconfirmed()) {
                return Optional.empty();
            }
            if (!execution.appended()) {
                appender.remember(execution, decided.stream(), decided.version());
            }
            return Optional.of(new Done(decided, execution.position()));
        } catch (Rejected rejected) {
            if (rejected.problem().status() < 500) {
                if (execution.isUnconfirmed()) {
                    return Optional.empty();
                }
                appender.remember(execution, rejected);
            }
            throw rejected;
        }
    }

    private Decided dispatch(Intent intent, Kind kind, Object command) {
        try {
            return gateway.sendAndWait(new GenericCommandMessage<>(command, Stamp.of(intent)));
        } catch (AggregateNotFoundException e) {
            throw missing(kind, named(command, String.valueOf(e.getAggregateIdentifier())));
        } catch (StreamExists e) {
            if (kind.exists() == Problem.CONFLICT) {
                throw e; // whoever creates on demand finds it the next time
            }
            throw kind.exists().because(named(command, e.getMessage()) + " exists");
        }
    }

    private Done again(Intent intent, Kind kind, Execution.@Nullable Key repeat, Answer first) {
        if (repeat == null || !MessageDigest.isEqual(repeat.request(), first.request())) {
            throw Problem.IDEMPOTENCY_KEY_REUSED.because("the key was used for another request before");
        }
        if (first.refusal() != null) {
            throw first.refusal();
        }
        UUID stream = Objects.requireNonNull(first.stream());
        long from = kind.history().isInLastEvent() ? first.version() : 0;
        List<LedgerEvent> events = streams.read(intent.tenant(), intent.owner(), stream, from, first.version()).stream()
                .map(Streams.Stored::event)
                .toList();
        if (events.isEmpty()) { // it was answered when the caller had another role
            throw missing(kind, stream);
        }
        return new Done(kind.history().replay(stream, first.version(), events), first.position());
    }

    /** As its clients know it. */
    private static @Nullable String named(Object command, @Nullable String stream) {
        return command instanceof PlanCommand plan ? plan.plan().value() : stream;
    }

    private static Rejected missing(Kind kind, @Nullable Object id) {
        return kind.missing().because("there is no " + id);
    }

    /** Gives the winners of a race a moment; spread, so that the losers do not meet again. */
    private static void backOff(int attempt) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(1, 2 + Math.min(50, attempt * 2L)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.UNAVAILABLE.because("the ledger is stopping");
        }
    }
}
