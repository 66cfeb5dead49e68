package ledger.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import ledger.api.CustomerId;
import ledger.api.PlanSlug;
import ledger.api.PlanTerms;
import ledger.api.Price;
import ledger.api.Problem;
import ledger.api.SubscriptionId;
import ledger.api.SubscriptionStatus;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A controller as the sides have them, to show the conventions on. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(HttpConventions.class)
@RestController
class Shop {

    record Order(
            UUID id,
            @Nullable CustomerId customer,
            @Nullable List<Price> prices,

            @Nullable @JsonInclude(JsonInclude.Include.NON_NULL)
            PlanTerms terms,

            @Nullable List<@Nullable String> notes,
            @Nullable Boolean express,
            @Nullable Integer count,
            @Nullable Instant at,
            @Nullable LocalDate day,
            @Nullable LocalTime time,
            @Nullable ZoneId zone,
            @Nullable Object features) {}

    record Filter(
            @Nullable SubscriptionStatus status,
            @Nullable Instant before,
            @Nullable PlanSlug plan,
            @Nullable Boolean express) {}

    @Allowed(Role.ANONYMOUS)
    @PostMapping("/v1/orders")
    @Answers(Problem.PLAN_RETIRED)
    Order order(@RequestBody Order order) {
        return order;
    }

    @Allowed(Role.ANONYMOUS)
    @GetMapping("/v1/orders")
    Filter list(@ModelAttribute Filter filter, @RequestParam(required = false) @Nullable Integer limit) {
        Page.limit(limit);
        return filter;
    }

    @Allowed(Role.ANONYMOUS)
    @GetMapping("/v1/orders/{id}")
    SubscriptionId one(@PathVariable SubscriptionId id) {
        throw Problem.SUBSCRIPTION_NOT_FOUND.because("there is no subscription " + id);
    }

    @Allowed(Role.ANONYMOUS)
    @GetMapping("/v1/plans/{slug}")
    PlanSlug plan(@PathVariable PlanSlug slug) {
        return slug;
    }

    @Allowed(Role.ANONYMOUS)
    @GetMapping("/v1/plans/newest")
    Map<String, Integer> newest() {
        return Map.of("count", 1);
    }

    @Allowed(Role.ANONYMOUS)
    @GetMapping("/v1/plans/{slug}/versions/{number}")
    int version(@PathVariable PlanSlug slug, @PathVariable int number) {
        return number;
    }

    @Allowed(Role.ANONYMOUS)
    @GetMapping("/v1/caller")
    Caller caller(Caller caller, @RequestParam String why, @RequestHeader("Why") String header) {
        return caller;
    }

    @Allowed(Role.ANONYMOUS)
    @GetMapping("/v1/failure")
    String failure() {
        throw new IllegalStateException("a secret");
    }

    @Allowed(Role.ANONYMOUS)
    @GetMapping("/v1/outage")
    String outage() throws SQLException {
        throw new SQLTransientConnectionException("a secret");
    }
}
