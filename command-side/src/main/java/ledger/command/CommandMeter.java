package ledger.command;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import java.util.function.Supplier;
import ledger.api.Rejected;
import ledger.command.Commands.Done;
import ledger.http.Timers;
import ledger.http.Traces;

/** Counts and times commands by what they are and how they end: done, refused with a problem's code, or failed. */
final class CommandMeter {

    private record Ended(String command, String outcome) {}

    private final Timers<Ended> timers;
    private final Traces traces;

    CommandMeter(MeterRegistry registry, Traces traces) {
        this.traces = traces;
        timers = new Timers<>(
                registry,
                ended -> Timer.builder("ledger.commands")
                        .description("Commands, from when they were understood to when they were durable or refused")
                        .tag("command", ended.command)
                        .tag("outcome", ended.outcome));
    }

    Done observe(String command, Supplier<Done> way) {
        long begin = System.nanoTime();
        Span span = traces.begin("command " + command);
        String outcome = "failed";
        try {
            Done done = way.get();
            outcome = "done";
            span.setAttribute("ledger.position", done.position());
            return done;
        } catch (Rejected rejected) {
            outcome = rejected.problem().code();
            throw rejected;
        } finally {
            timers.record(new Ended(command, outcome), begin);
            span.setAttribute("ledger.outcome", outcome).end();
        }
    }
}
