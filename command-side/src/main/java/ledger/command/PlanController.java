package ledger.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.net.URI;
import java.util.List;
import ledger.api.Days;
import ledger.api.Limit;
import ledger.api.MaxLive;
import ledger.api.PlanCommand.Publish;
import ledger.api.PlanCommand.Retire;
import ledger.api.PlanCommand.Revise;
import ledger.api.PlanSlug;
import ledger.api.PlanTerms;
import ledger.api.PlanView;
import ledger.api.Price;
import ledger.api.Problem;
import ledger.api.ProductCommand.SetPolicy;
import ledger.api.ProductSlug;
import ledger.command.Commands.Done;
import ledger.command.Commands.Kind;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The commands on the catalogue. */
@RestController
final class PlanController {

    private static final Kind PLAN =
            new Kind(Problem.PLAN_NOT_FOUND, Problem.PLAN_EXISTS, (stream, _, events) -> Plan.replay(stream, events));

    private static final ProductSlug UNLESS_GIVEN = new ProductSlug("default");

    private final Commands commands;

    PlanController(Commands commands) {
        this.commands = commands;
    }

    record Publishing(PlanSlug slug, @JsonUnwrapped Terms terms) {}

    @Allowed(Role.MANAGER)
    @PostMapping("/v1/plans")
    @ApiResponse(responseCode = "201", description = "It is on sale")
    @Answers(Problem.PLAN_EXISTS)
    ResponseEntity<PlanView> publish(@RequestBody Publishing body, Intent intent) {
        Publish command = new Publish(body.slug(), body.terms().checked());
        return created(commands.send(intent, body, PLAN, (_, _) -> command));
    }

    /** Of a plan, or of a new version of one. */
    record Terms(
            @Nullable ProductSlug product,
            String name,
            @Nullable String description,
            List<Price> prices,
            @Nullable Days trialDays,
            @Nullable List<Limit> limits,
            @Nullable Object features) {

        /** @throws ledger.api.InvalidField for what makes no plan */
        PlanTerms checked() {
            return new PlanTerms(
                    product == null ? UNLESS_GIVEN : product,
                    name,
                    description,
                    prices,
                    trialDays == null ? 0 : trialDays.value(),
                    limits == null ? List.of() : limits,
                    features);
        }
    }

    /** Subscriptions on older versions stay as they are. */
    @Allowed(Role.MANAGER)
    @PostMapping("/v1/plans/{slug}/versions")
    @ApiResponse(responseCode = "201", description = "The new version is on sale")
    @Answers({Problem.PLAN_NOT_FOUND, Problem.PLAN_RETIRED, Problem.OTHER_PRODUCT})
    ResponseEntity<PlanView> revise(@PathVariable PlanSlug slug, @RequestBody Terms body, Intent intent) {
        Revise command = new Revise(slug, body.checked());
        return created(commands.send(intent, body, PLAN, (_, _) -> command));
    }

    /** It takes no new subscription and keeps those that it has. */
    @Allowed(Role.MANAGER)
    @PostMapping("/v1/plans/{slug}/retirement")
    @Answers(Problem.PLAN_NOT_FOUND)
    ResponseEntity<PlanView> retire(@PathVariable PlanSlug slug, Intent intent) {
        return commands.send(intent, null, PLAN, (_, _) -> new Retire(slug)).answer(200, PlanView.class);
    }

    /** Null: no bound. To say nothing is not to say that. */
    @Schema(name = "PolicyToSet")
    record Policy(@JsonProperty(required = true) @Nullable MaxLive maxLivePerCustomer) {}

    @Allowed(Role.MANAGER)
    @PutMapping("/v1/products/{product}/policy")
    ResponseEntity<Product.Policy> setPolicy(
            @PathVariable ProductSlug product, @RequestBody Policy body, Intent intent) {
        Kind kind = new Kind(
                Problem.NOT_FOUND, Problem.CONFLICT, (stream, _, events) -> Product.replay(stream, product, events));
        Integer bound = body.maxLivePerCustomer() == null
                ? null
                : body.maxLivePerCustomer().value();
        return commands.send(intent, body, kind, (_, _) -> new SetPolicy(product, bound))
                .answer(200, Product.Policy.class);
    }

    private static ResponseEntity<PlanView> created(Done done) {
        PlanView plan = (PlanView) done.decided().view();
        ResponseEntity<PlanView> answer = done.answer(201, PlanView.class);
        return ResponseEntity.status(201)
                .headers(answer.getHeaders())
                .location(URI.create("/v1/plans/" + plan.slug() + "/versions/" + plan.planVersion()))
                .body(plan);
    }
}
