package ledger.command;

import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import ledger.api.InvalidField;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.api.TenantId;
import ledger.command.deadline.Deadlines;
import ledger.command.deadline.Deadlines.Advanced;
import ledger.command.store.Streams;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Caller;
import ledger.http.Headers;
import ledger.http.Role;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A tenant's clock: real, or simulated to try a year of billing in a minute. */
@RestController
@RequestMapping("/v1/admin/clock")
final class ClockController {

    /** {@code now} is the tenant's time. */
    record ClockView(Instant now, boolean simulated) {}

    /** {@code fired} counts the deadlines that were due on the way. */
    record AdvancedView(Instant now, boolean simulated, int fired) {}

    private final TenantTime time;
    private final Deadlines deadlines;
    private final Streams streams;
    private final Duration patience;

    /** {@code patience} is how long a request may advance a clock: less than clients and proxies wait for an answer. */
    @ConfigurationProperties("ledger.clock")
    record Limit(@DefaultValue("50s") Duration patience) {}

    ClockController(TenantTime time, Deadlines deadlines, Streams streams, Limit limit) {
        this.time = time;
        this.deadlines = deadlines;
        this.streams = streams;
        this.patience = limit.patience;
    }

    @Allowed({Role.ADMIN, Role.AUDITOR})
    @GetMapping
    ClockView clock(Caller caller) {
        return view(caller.tenant());
    }

    /** So that whatever is bought or shifted by then ends within the years that the ledger can speak about. */
    private static final Instant END = Instant.parse("9000-01-01T00:00:00Z");

    private static void requirePossible(String field, Instant time) {
        if (time.isAfter(END)) {
            throw new InvalidField(field, "must not be later than " + END);
        }
    }

    record Setting(Instant now) {
        Setting {
            requirePossible("now", now);
        }
    }

    /** Makes it simulated; only while the tenant is empty. */
    @Allowed(Role.ADMIN)
    @PutMapping
    @Answers({Problem.CLOCK_IS_LIVE, Problem.CLOCK_IS_SET})
    ClockView simulate(@RequestBody Setting body, Caller caller) {
        time.simulate(caller.tenant(), body.now());
        return view(caller.tenant());
    }

    record Advance(Instant to) {
        Advance {
            requirePossible("to", to);
        }
    }

    /**
     * Moves a simulated clock forward and answers when everything due on the way has happened, in order. If that takes longer than
     * a client waits, the clock stops at a deadline on the way, and the same request goes on from there.
     */
    @Allowed(Role.ADMIN)
    @PostMapping("/advance")
    @ApiResponse(responseCode = "200", description = "It is that time now")
    @Answers({Problem.CLOCK_IS_LIVE, Problem.CLOCK_WENT_BACK, Problem.STILL_ADVANCING})
    ResponseEntity<AdvancedView> advance(@RequestBody Advance body, Caller caller) {
        TenantId tenant = caller.tenant();
        Instant now = time.simulated(tenant)
                .orElseThrow(() -> Problem.CLOCK_IS_LIVE.because("only a simulated clock can be advanced"));
        if (body.to().isBefore(now)) {
            throw Problem.CLOCK_WENT_BACK.because("it is " + now + " already");
        }
        Advanced advanced = advance(tenant, body.to());
        long position = advanced.position() > 0 ? advanced.position() : streams.head();
        return ResponseEntity.ok()
                .header(Headers.LEDGER_POSITION, Long.toString(position))
                .body(new AdvancedView(view(tenant).now(), true, advanced.fired()));
    }

    /** From deadline to deadline, so that whatever happens at one finds the clock at its time. */
    private Advanced advance(TenantId tenant, Instant to) {
        long end = System.nanoTime() + patience.toNanos();
        int fired = 0;
        long position = 0;
        Optional<Instant> next = deadlines.next(tenant).filter(at -> !at.isAfter(to));
        Instant reached = next.orElse(to);
        while (next.isPresent()) {
            if (next.get().isAfter(reached) && System.nanoTime() > end) {
                throw stillAdvancing(tenant, fired);
            }
            reached = next.get();
            time.moveTo(tenant, reached);
            Advanced step = deadlines.fire(tenant, reached);
            if (step.fired() == 0) {
                deadlines.awaitOthers(); // another node, or a dead one until its lease is over, has what is due
            }
            fired += step.fired();
            position = Math.max(position, step.position());
            next = deadlines.next(tenant).filter(at -> !at.isAfter(to));
        }
        time.moveTo(tenant, to);
        return new Advanced(fired, position);
    }

    private Rejected stillAdvancing(TenantId tenant, int fired) {
        Instant now = time.now(tenant);
        return Problem.STILL_ADVANCING.because(
                "it is " + now + ", and " + fired + " deadlines have fired on the way: send the same again to go on",
                Map.of("now", now, "fired", fired));
    }

    private ClockView view(TenantId tenant) {
        boolean simulated = time.simulated(tenant).isPresent();
        return new ClockView(time.now(tenant), simulated);
    }
}
