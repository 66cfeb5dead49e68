package ledger.command;

import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import ledger.api.CustomerId;
import ledger.api.DayOfMonth;
import ledger.api.Days;
import ledger.api.InvalidField;
import ledger.api.PlanSlug;
import ledger.api.Problem;
import ledger.api.Quantity;
import ledger.api.Reason;
import ledger.api.Reference;
import ledger.api.SubscriptionCommand;
import ledger.api.SubscriptionCommand.Cancel;
import ledger.api.SubscriptionCommand.ChangePlan;
import ledger.api.SubscriptionCommand.ChangeQuantity;
import ledger.api.SubscriptionCommand.Expire;
import ledger.api.SubscriptionCommand.Pause;
import ledger.api.SubscriptionCommand.Reinstate;
import ledger.api.SubscriptionCommand.Renew;
import ledger.api.SubscriptionCommand.Resume;
import ledger.api.SubscriptionCommand.SetAutoRenew;
import ledger.api.SubscriptionCommand.Subscribe;
import ledger.api.SubscriptionCommand.WithdrawPlanChange;
import ledger.api.SubscriptionId;
import ledger.api.SubscriptionView;
import ledger.api.Term;
import ledger.api.When;
import ledger.command.Catalogue.Article;
import ledger.command.Commands.Done;
import ledger.command.Commands.Kind;
import ledger.command.Commands.Preparation;
import ledger.command.store.Execution;
import ledger.command.store.Uuid7;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The commands on subscriptions. Each answers the subscription as it now is. */
@RestController
@RequestMapping("/v1/subscriptions")
final class SubscriptionController {

    static final Kind KIND = new Kind(
            Problem.SUBSCRIPTION_NOT_FOUND,
            Problem.SUBSCRIPTION_EXISTS,
            (_, _, events) -> Subscription.after(events).decided());

    private final Commands commands;
    private final Catalogue catalogue;
    private final Aggregates aggregates;

    SubscriptionController(Commands commands, Catalogue catalogue, Aggregates aggregates) {
        this.commands = commands;
        this.catalogue = catalogue;
        this.aggregates = aggregates;
    }

    /**
     * {@code subscriptionId} is made up if absent, and {@code customerId} is the caller's where that is a customer. The last two
     * are for operators, but for a trial shorter than the plan's: {@code trialDays} overrides that, {@code startAt} lies in the past.
     */
    record Subscribing(
            @Nullable SubscriptionId subscriptionId,
            @Nullable Reference reference,
            @Nullable CustomerId customerId,
            PlanSlug plan,
            Term term,
            @Nullable Quantity quantity,
            @Nullable Boolean autoRenew,
            @Nullable ZoneId zone,
            @Nullable DayOfMonth anchorDay,
            @Nullable Days trialDays,
            @Nullable Instant startAt) {}

    @Allowed({Role.CUSTOMER, Role.OPERATOR})
    @PostMapping
    @ApiResponse(responseCode = "201", description = "It started")
    @Answers({
        Problem.SUBSCRIPTION_EXISTS,
        Problem.REFERENCE_TAKEN,
        Problem.LIVE_SUBSCRIPTION_EXISTS,
        Problem.UNKNOWN_PLAN,
        Problem.PLAN_RETIRED,
        Problem.NO_PRICE_FOR_TERM,
        Problem.START_IN_FUTURE,
        Problem.START_TOO_EARLY,
        Problem.AMOUNT_TOO_LARGE
    })
    ResponseEntity<SubscriptionView> subscribe(@RequestBody Subscribing body, Intent intent) {
        CustomerId customer = customer(body, intent.owner());
        SubscriptionId id = body.subscriptionId() == null ? new SubscriptionId(Uuid7.next()) : body.subscriptionId();
        Done done = commands.send(
                intent, body, KIND, (execution, fresh) -> command(id, customer, body, intent, execution, fresh));
        ResponseEntity<SubscriptionView> answer = done.answer(201, SubscriptionView.class);
        return ResponseEntity.status(201)
                .headers(answer.getHeaders())
                .location(URI.create("/v1/subscriptions/" + done.decided().stream()))
                .body(answer.getBody());
    }

    private static CustomerId customer(Subscribing body, @Nullable CustomerId owner) {
        CustomerId named = body.customerId();
        if (owner == null) {
            if (named == null) {
                throw new InvalidField("customerId", "is required");
            }
            return named;
        }
        if (body.startAt() != null || (named != null && !named.equals(owner))) {
            throw Problem.FORBIDDEN.because("a customer subscribes for itself, from now on");
        }
        return owner;
    }

    private Subscribe command(
            SubscriptionId id,
            CustomerId customer,
            Subscribing body,
            Intent intent,
            Execution execution,
            boolean fresh) {
        Article article = catalogue.article(execution, body.plan(), body.term(), fresh);
        if (intent.owner() != null
                && body.trialDays() != null
                && body.trialDays().value() > article.trialDays()) {
            throw Problem.FORBIDDEN.because("the plan's trial is " + article.trialDays() + " days");
        }
        return new Subscribe(
                id,
                customer,
                body.reference(),
                article.offer(),
                body.quantity() == null ? 1 : body.quantity().value(),
                body.autoRenew() == null || body.autoRenew(),
                body.zone() == null ? ZoneId.of("UTC") : body.zone(),
                body.anchorDay() == null ? null : body.anchorDay().value(),
                body.trialDays() == null
                        ? article.trialDays()
                        : body.trialDays().value(),
                body.startAt(),
                catalogue.maxLive(execution, article.offer().plan().product(), fresh));
    }

    record Cancellation(When when, @Nullable Reason reason) {}

    @Allowed({Role.CUSTOMER, Role.OPERATOR})
    @PostMapping("/{id}/cancellation")
    @Answers(Problem.SUBSCRIPTION_NOT_FOUND)
    ResponseEntity<SubscriptionView> cancel(
            @PathVariable SubscriptionId id, @RequestBody Cancellation body, Intent intent) {
        String reason = body.reason() == null ? null : body.reason().value();
        return send(intent, body, new Cancel(id, body.when(), reason));
    }

    @Allowed({Role.CUSTOMER, Role.OPERATOR})
    @DeleteMapping("/{id}/cancellation")
    @Answers({Problem.SUBSCRIPTION_NOT_FOUND, Problem.SUBSCRIPTION_ENDED})
    ResponseEntity<SubscriptionView> reinstate(@PathVariable SubscriptionId id, Intent intent) {
        return send(intent, null, new Reinstate(id));
    }

    /** With auto-renew off: buys the next period in advance; after expiry: a new one from now on. */
    @Allowed({Role.CUSTOMER, Role.OPERATOR})
    @PostMapping("/{id}/renewal")
    @Answers({
        Problem.SUBSCRIPTION_NOT_FOUND,
        Problem.SUBSCRIPTION_CANCELED,
        Problem.SUBSCRIPTION_PAUSED,
        Problem.CANCELLATION_SCHEDULED,
        Problem.RENEWS_AUTOMATICALLY,
        Problem.LIVE_SUBSCRIPTION_EXISTS
    })
    ResponseEntity<SubscriptionView> renew(@PathVariable SubscriptionId id, Intent intent) {
        return send(intent, null, (execution, fresh) -> {
            SubscriptionView current = aggregates.current(execution, id, fresh);
            return new Renew(id, catalogue.maxLive(execution, current.product(), fresh));
        });
    }

    @Allowed(Role.OPERATOR)
    @PostMapping("/{id}/expiry")
    @Answers({Problem.SUBSCRIPTION_NOT_FOUND, Problem.SUBSCRIPTION_ENDED, Problem.NOT_DUE})
    ResponseEntity<SubscriptionView> expire(@PathVariable SubscriptionId id, Intent intent) {
        return send(intent, null, new Expire(id));
    }

    record AutoRenew(boolean enabled) {}

    @Allowed({Role.CUSTOMER, Role.OPERATOR})
    @PutMapping("/{id}/auto-renew")
    @Answers({Problem.SUBSCRIPTION_NOT_FOUND, Problem.SUBSCRIPTION_ENDED})
    ResponseEntity<SubscriptionView> setAutoRenew(
            @PathVariable SubscriptionId id, @RequestBody AutoRenew body, Intent intent) {
        return send(intent, body, new SetAutoRenew(id, body.enabled()));
    }

    /** Without a term the subscription keeps the one it has. The same plan moves it to the plan's newest version. */
    record PlanChange(PlanSlug plan, @Nullable Term term, When when) {}

    @Allowed({Role.CUSTOMER, Role.OPERATOR})
    @PostMapping("/{id}/plan-change")
    @Answers({
        Problem.SUBSCRIPTION_NOT_FOUND,
        Problem.SUBSCRIPTION_ENDED,
        Problem.CANCELLATION_SCHEDULED,
        Problem.NEXT_PERIOD_BOUGHT,
        Problem.UNKNOWN_PLAN,
        Problem.PLAN_RETIRED,
        Problem.NO_PRICE_FOR_TERM,
        Problem.OTHER_PRODUCT,
        Problem.OTHER_CURRENCY,
        Problem.AMOUNT_TOO_LARGE
    })
    ResponseEntity<SubscriptionView> changePlan(
            @PathVariable SubscriptionId id, @RequestBody PlanChange body, Intent intent) {
        return send(intent, body, (execution, fresh) -> {
            Term term = body.term() == null
                    ? aggregates.current(execution, id, fresh).price().term()
                    : body.term();
            Article article = catalogue.article(execution, body.plan(), term, fresh);
            return new ChangePlan(id, article.offer(), body.when());
        });
    }

    @Allowed({Role.CUSTOMER, Role.OPERATOR})
    @DeleteMapping("/{id}/plan-change")
    @Answers({Problem.SUBSCRIPTION_NOT_FOUND, Problem.SUBSCRIPTION_ENDED, Problem.NEXT_PERIOD_BOUGHT})
    ResponseEntity<SubscriptionView> withdrawPlanChange(@PathVariable SubscriptionId id, Intent intent) {
        return send(intent, null, new WithdrawPlanChange(id));
    }

    record QuantityChange(Quantity quantity) {}

    @Allowed({Role.CUSTOMER, Role.OPERATOR})
    @PostMapping("/{id}/quantity-change")
    @Answers({Problem.SUBSCRIPTION_NOT_FOUND, Problem.SUBSCRIPTION_ENDED, Problem.AMOUNT_TOO_LARGE})
    ResponseEntity<SubscriptionView> changeQuantity(
            @PathVariable SubscriptionId id, @RequestBody QuantityChange body, Intent intent) {
        return send(intent, body, new ChangeQuantity(id, body.quantity().value()));
    }

    record Pausing(@Nullable Instant resumeAt) {}

    @Allowed({Role.CUSTOMER, Role.OPERATOR})
    @PostMapping("/{id}/pause")
    @Answers({
        Problem.SUBSCRIPTION_NOT_FOUND,
        Problem.SUBSCRIPTION_ENDED,
        Problem.SUBSCRIPTION_PAUSED,
        Problem.RESUME_NOT_IN_FUTURE
    })
    ResponseEntity<SubscriptionView> pause(
            @PathVariable SubscriptionId id, @RequestBody(required = false) @Nullable Pausing body, Intent intent) {
        return send(intent, body, new Pause(id, body == null ? null : body.resumeAt()));
    }

    @Allowed({Role.CUSTOMER, Role.OPERATOR})
    @PostMapping("/{id}/resumption")
    @Answers({Problem.SUBSCRIPTION_NOT_FOUND, Problem.SUBSCRIPTION_ENDED})
    ResponseEntity<SubscriptionView> resume(@PathVariable SubscriptionId id, Intent intent) {
        return send(intent, null, new Resume(id));
    }

    private ResponseEntity<SubscriptionView> send(Intent intent, @Nullable Object body, SubscriptionCommand command) {
        return send(intent, body, (_, _) -> command);
    }

    private ResponseEntity<SubscriptionView> send(Intent intent, @Nullable Object body, Preparation preparation) {
        return commands.send(intent, body, KIND, preparation).answer(200, SubscriptionView.class);
    }
}
