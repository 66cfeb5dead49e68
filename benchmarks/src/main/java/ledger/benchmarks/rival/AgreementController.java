package ledger.benchmarks.rival;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import ledger.benchmarks.rival.Agreement.Cancel;
import ledger.benchmarks.rival.Agreement.ChangeQuantity;
import ledger.benchmarks.rival.Agreement.Subscribe;
import ledger.benchmarks.rival.Agreement.Term;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes the requests that the ledger takes. */
@RestController
@RequestMapping("/v1/subscriptions")
final class AgreementController {

    private final CommandGateway commands;

    AgreementController(CommandGateway commands) {
        this.commands = commands;
    }

    record Subscribing(
            UUID subscriptionId, String customerId, String plan, Term term, int quantity, String zone, int trialDays) {}

    /** What a client learns; as long as a subscription of the ledger. */
    record View(
            UUID subscriptionId,
            String customerId,
            String plan,
            int planVersion,
            String product,
            String status,
            int quantity,
            Agreement.Price price,
            Agreement.Period currentPeriod,
            boolean autoRenew,
            String zone) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    View subscribe(@RequestBody Subscribing body) {
        await(commands.send(new Subscribe(
                body.subscriptionId(), body.customerId(), body.plan(), body.term(), body.quantity(), body.zone())));
        return view(body.subscriptionId(), "ACTIVE", body.quantity());
    }

    record Quantity(int quantity) {}

    @PostMapping("/{id}/quantity-change")
    View change(@PathVariable UUID id, @RequestBody Quantity body) {
        await(commands.send(new ChangeQuantity(id, body.quantity())));
        return view(id, "ACTIVE", body.quantity());
    }

    record Cancellation(String when) {}

    @PostMapping("/{id}/cancellation")
    View cancel(@PathVariable UUID id, @RequestBody Cancellation body) {
        await(commands.send(new Cancel(id, body.when())));
        return view(id, "CANCELED", 3);
    }

    /** Does nothing, over the same server: what a query could cost at the least. */
    @GetMapping("/{id}")
    View nothing(@PathVariable UUID id) {
        return view(id, "ACTIVE", 3);
    }

    private static void await(CompletableFuture<?> answer) {
        answer.join();
    }

    private static View view(UUID id, String status, int quantity) {
        Instant now = Instant.EPOCH;
        return new View(
                id,
                "customer",
                "pro",
                1,
                "app",
                status,
                quantity,
                new Agreement.Price(new Term(1, "MONTH"), new Agreement.Amount(1900, "USD"), "UNIT"),
                new Agreement.Period(1, now, now, "2026a"),
                true,
                "UTC");
    }
}
