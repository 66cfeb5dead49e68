package ledger.command;

import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.time.Instant;
import java.util.List;
import ledger.api.InvalidField;
import ledger.api.LedgerEvent;
import ledger.api.Money;
import ledger.api.Problem;
import ledger.api.Reason;
import ledger.api.SubscriptionCommand.Correct;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.Stated;
import ledger.api.SubscriptionId;
import ledger.api.SubscriptionView;
import ledger.command.store.Streams;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** What was written wrongly is corrected by writing that down. */
@RestController
final class CorrectionController {

    private final Commands commands;
    private final Streams streams;

    CorrectionController(Commands commands, Streams streams) {
        this.commands = commands;
        this.streams = streams;
    }

    /** An event was wrong, for this reason: by a credit or a charge, or as to when it happened. */
    record Correction(
            long corrects,
            Reason reason,
            @Nullable Money credit,
            @Nullable Money charge,
            @Nullable Instant happenedAt) {
        Correction {
            boolean settles = (credit != null && !credit.isZero()) != (charge != null && !charge.isZero());
            if (!settles && (credit != null || charge != null || happenedAt == null)) {
                throw new InvalidField("credit", "or charge, one of them and not zero, or happenedAt is required");
            }
        }
    }

    /** What was wrong stays in the ledger, and so does the correction. */
    @Allowed(Role.OPERATOR)
    @PostMapping("/v1/subscriptions/{id}/corrections")
    @ApiResponse(responseCode = "201", description = "It is corrected")
    @Answers({
        Problem.SUBSCRIPTION_NOT_FOUND,
        Problem.UNKNOWN_VERSION,
        Problem.ALREADY_CORRECTED,
        Problem.OTHER_CURRENCY,
        Problem.CREDIT_TOO_LARGE,
        Problem.HAPPENED_IN_FUTURE
    })
    ResponseEntity<SubscriptionView> correct(
            @PathVariable SubscriptionId id, @RequestBody Correction body, Intent intent) {
        return commands.send(intent, body, SubscriptionController.KIND, (_, _) -> correct(intent, id, body))
                .answer(201, SubscriptionView.class);
    }

    private Correct correct(Intent intent, SubscriptionId id, Correction body) {
        List<LedgerEvent> events = streams.events(intent.tenant(), id.value());
        if (events.isEmpty() || !(events.getFirst() instanceof SubscriptionEvent)) {
            throw Problem.SUBSCRIPTION_NOT_FOUND.because("there is no " + id);
        }
        if (body.corrects < 0 || body.corrects >= events.size()) {
            throw Problem.UNKNOWN_VERSION.because("its events have versions 0 to " + (events.size() - 1));
        }
        SubscriptionEvent corrected = (SubscriptionEvent) events.get((int) body.corrects);
        return new Correct(
                id,
                Stated.of(corrected, body.corrects),
                body.reason.value(),
                body.credit,
                body.charge,
                body.happenedAt);
    }
}
