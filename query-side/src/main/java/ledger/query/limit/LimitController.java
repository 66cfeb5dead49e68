package ledger.query.limit;

import static ledger.http.Headers.LEDGER_POSITION;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import ledger.api.CustomerId;
import ledger.api.Limit;
import ledger.api.LimitView;
import ledger.api.Metric;
import ledger.api.PlanSlug;
import ledger.api.Problem;
import ledger.api.ProductSlug;
import ledger.api.SubscriptionId;
import ledger.api.SubscriptionStatus;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Caller;
import ledger.http.Page;
import ledger.http.Role;
import ledger.query.AsOf;
import ledger.query.Moment;
import ledger.query.Past;
import ledger.query.Projections;
import ledger.query.TenantClock;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reads of what may be used. They decide nothing: whether usage is granted is the command's word alone. */
@RestController
class LimitController {

    private final Entitlements entitlements;
    private final PastEntitlements pastEntitlements;
    private final Past past;
    private final EntitlementCache cache;
    private final Projections projections;
    private final TenantClock clock;

    LimitController(
            Entitlements entitlements,
            PastEntitlements pastEntitlements,
            Past past,
            EntitlementCache cache,
            Projections projections,
            TenantClock clock) {
        this.entitlements = entitlements;
        this.pastEntitlements = pastEntitlements;
        this.past = past;
        this.cache = cache;
        this.projections = projections;
        this.clock = clock;
    }

    /** Every metric of the subscription's plan, and what is used of it in the period that runs now. */
    @Allowed({Role.CUSTOMER, Role.OPERATOR, Role.AUDITOR})
    @GetMapping("/v1/subscriptions/{id}/limits")
    @Answers({Problem.SUBSCRIPTION_NOT_FOUND, Problem.VIEW_BEHIND})
    ResponseEntity<Page<LimitView>> limits(
            Caller caller,
            @PathVariable SubscriptionId id,
            @ParameterObject AsOf asOf,
            @RequestHeader(name = LEDGER_POSITION, required = false) @Nullable Long wanted) {
        Moment moment = past.asked(caller, asOf);
        long position = projections.reached(UsageTable.GROUP, wanted);
        Entitlement entitlement = (moment == null
                        ? entitlements.of(caller.tenant(), caller.owner(), id)
                        : pastEntitlements.of(caller.tenant(), caller.owner(), id, moment))
                .orElseThrow(() -> Problem.SUBSCRIPTION_NOT_FOUND.because("there is no subscription " + id));
        return ResponseEntity.ok()
                .header(LEDGER_POSITION, Long.toString(position))
                .body(new Page<>(entitlement.limitsAt(at(caller, moment)), null));
    }

    enum Reason {
        GRANTED,
        NO_LIVE_SUBSCRIPTION,
        SUBSCRIPTION_PAUSED,
        UNKNOWN_METRIC,
        LIMIT_EXCEEDED
    }

    /** {@code validUntil} is the end of what is paid for; {@code limit} is that of the metric that was asked about. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Access(
            boolean allowed,
            Reason reason,
            CustomerId customerId,
            @Nullable SubscriptionId subscriptionId,
            @Nullable ProductSlug product,
            @Nullable PlanSlug plan,
            @Nullable SubscriptionStatus status,
            @Nullable Instant validUntil,
            @Nullable LimitView limit) {}

    /** May this customer use the product, and one more of the metric, now (or as of then)? Of several subscriptions the most generous one answers. */
    @Allowed({Role.CUSTOMER, Role.OPERATOR, Role.AUDITOR})
    @GetMapping("/v1/customers/{customerId}/access")
    @Answers({Problem.VIEW_BEHIND})
    ResponseEntity<Access> access(
            Caller caller,
            @PathVariable CustomerId customerId,
            @RequestParam(required = false) @Nullable ProductSlug product,
            @RequestParam(required = false) @Nullable Metric metric,
            @ParameterObject AsOf asOf,
            @RequestHeader(name = LEDGER_POSITION, required = false) @Nullable Long wanted) {
        Moment moment = past.asked(caller, asOf);
        if (caller.owner() != null && !caller.owner().equals(customerId)) {
            // For a customer there is no other one: it is answered like one who has nothing.
            return answer(none(customerId), projections.reached(UsageTable.GROUP, wanted));
        }
        EntitlementCache.Known known = known(caller.tenant(), customerId, moment, wanted);
        Instant now = at(caller, moment);
        Access access = known.entitlements().stream()
                .filter(one -> product == null || one.subscription().product().equals(product))
                .map(one -> access(one, metric, now))
                .flatMap(Optional::stream)
                .min(Comparator.comparing(Access::reason))
                .orElseGet(() -> none(customerId));
        return answer(access, known.position());
    }

    private EntitlementCache.Known known(
            TenantId tenant, CustomerId customer, @Nullable Moment moment, @Nullable Long wanted) {
        if (moment == null) {
            return cache.of(tenant, customer, projections, wanted);
        }
        long position = projections.reached(UsageTable.GROUP, wanted);
        return new EntitlementCache.Known(pastEntitlements.of(tenant, customer, moment), position, System.nanoTime());
    }

    private Instant at(Caller caller, @Nullable Moment moment) {
        return moment == null ? clock.now(caller.tenant()) : moment.at();
    }

    private static ResponseEntity<Access> answer(Access access, long position) {
        return ResponseEntity.ok()
                .header(LEDGER_POSITION, Long.toString(position))
                .body(access);
    }

    private static Access none(CustomerId customer) {
        return new Access(false, Reason.NO_LIVE_SUBSCRIPTION, customer, null, null, null, null, null, null);
    }

    private static Optional<Access> access(Entitlement entitlement, @Nullable Metric metric, Instant now) {
        SubscriptionView view = entitlement.subscription();
        if (view.endsAt() != null && !now.isBefore(view.endsAt())) {
            return Optional.empty(); // over, though nobody has noticed yet
        }
        LimitView limit =
                metric == null ? null : entitlement.limitAt(metric, now).orElse(null);
        Reason reason = reason(view, metric, limit);
        return Optional.of(new Access(
                reason == Reason.GRANTED,
                reason,
                view.customerId(),
                view.subscriptionId(),
                view.product(),
                view.plan(),
                view.status(),
                Counters.paidThrough(view, now),
                limit));
    }

    private static Reason reason(SubscriptionView view, @Nullable Metric metric, @Nullable LimitView limit) {
        if (view.status() == SubscriptionStatus.PAUSED) {
            return Reason.SUBSCRIPTION_PAUSED;
        }
        if (metric == null) {
            return Reason.GRANTED;
        }
        if (limit == null) {
            return Reason.UNKNOWN_METRIC;
        }
        return limit.mode() == Limit.Mode.HARD && limit.remaining() == 0 ? Reason.LIMIT_EXCEEDED : Reason.GRANTED;
    }
}
