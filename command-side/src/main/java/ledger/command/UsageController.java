package ledger.command;

import java.time.Instant;
import ledger.api.LimitView;
import ledger.api.Metric;
import ledger.api.Problem;
import ledger.api.SubscriptionId;
import ledger.api.UsageQuantity;
import ledger.command.Commands.Done;
import ledger.command.Commands.Kind;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Headers;
import ledger.http.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Counts what subscriptions use, and grants it or not. */
@RestController
final class UsageController {

    private static final Kind KIND = new Kind(Problem.SUBSCRIPTION_NOT_FOUND, Problem.CONFLICT, new Usage.LastEvent());

    private final Commands commands;
    private final Meters meters;

    UsageController(Commands commands, Meters meters) {
        this.commands = commands;
        this.meters = meters;
    }

    /** A negative quantity gives back what was taken of an allocation; {@code at} is now unless it says otherwise. */
    record Using(
            Metric metric, UsageQuantity quantity, @Nullable Instant at) {}

    /** Answers what is used of the limit with it. {@code If-Match} is about the subscription, whose version stays what it is. */
    @Allowed({Role.CUSTOMER, Role.OPERATOR})
    @PostMapping("/v1/subscriptions/{id}/usage")
    @Answers({
        Problem.SUBSCRIPTION_NOT_FOUND,
        Problem.LIMIT_EXCEEDED,
        Problem.NOT_TAKEN,
        Problem.NOT_LIVE,
        Problem.SUBSCRIPTION_PAUSED,
        Problem.UNKNOWN_METRIC,
        Problem.NOT_AN_ALLOCATION,
        Problem.USAGE_IN_FUTURE
    })
    ResponseEntity<LimitView> use(@PathVariable SubscriptionId id, @RequestBody Using body, Intent intent) {
        Done done = commands.send(
                intent,
                body,
                KIND,
                (execution, fresh) -> meters.recording(
                        execution,
                        id,
                        body.metric(),
                        body.quantity().value(),
                        body.at(),
                        intent.expectedVersions(),
                        fresh));
        return ResponseEntity.ok()
                .header(Headers.LEDGER_POSITION, Long.toString(done.position()))
                .body((LimitView) done.decided().view());
    }
}
