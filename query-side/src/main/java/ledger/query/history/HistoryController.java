package ledger.query.history;

import static ledger.http.Headers.LEDGER_POSITION;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import ledger.api.AuditEvent.HistoryViewed;
import ledger.api.CustomerId;
import ledger.api.PlanSlug;
import ledger.api.Problem;
import ledger.api.SubscriptionId;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.AuditTrail;
import ledger.http.Caller;
import ledger.http.Cursor;
import ledger.http.Page;
import ledger.http.Role;
import ledger.query.EventReader;
import ledger.query.Projections;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Histories, from the ledger itself: they show all that is stored, whatever a view has seen of it. */
@RestController
class HistoryController {

    /** The views that know which subscriptions a customer has. */
    private static final String CUSTOMERS = "subscription";

    private final EventReader events;
    private final Projections projections;
    private final AuditTrail audit;

    HistoryController(EventReader events, Projections projections, AuditTrail audit) {
        this.events = events;
        this.projections = projections;
        this.audit = audit;
    }

    record Part(@Nullable Integer limit, @Nullable String cursor) {}

    @Allowed({Role.CUSTOMER, Role.OPERATOR, Role.AUDITOR})
    @GetMapping(
            path = "/v1/subscriptions/{id}/history",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_HTML_VALUE})
    @Answers({Problem.SUBSCRIPTION_NOT_FOUND, Problem.INVALID_CURSOR})
    ResponseEntity<History> ofSubscription(Caller caller, @PathVariable SubscriptionId id, @ModelAttribute Part part) {
        Optional<CustomerId> customer = events.customer(caller.tenant(), id);
        if (customer.isEmpty() || (caller.owner() != null && !customer.get().equals(caller.owner()))) {
            throw Problem.SUBSCRIPTION_NOT_FOUND.because("there is no subscription " + id);
        }
        return answer(caller, "subscription " + id, List.of(id.value()), part);
    }

    @Allowed({Role.MANAGER, Role.OPERATOR, Role.AUDITOR})
    @GetMapping(
            path = "/v1/plans/{slug}/history",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_HTML_VALUE})
    @Answers({Problem.PLAN_NOT_FOUND, Problem.INVALID_CURSOR})
    ResponseEntity<History> ofPlan(Caller caller, @PathVariable PlanSlug slug, @ModelAttribute Part part) {
        UUID stream = slug.streamIn(caller.tenant());
        if (events.before(caller.tenant(), stream, 1).isEmpty()) {
            throw Problem.PLAN_NOT_FOUND.because("there is no plan " + slug);
        }
        return answer(caller, "plan " + slug, List.of(stream), part);
    }

    /** Of all subscriptions that the customer ever had. */
    @Allowed({Role.CUSTOMER, Role.OPERATOR, Role.AUDITOR})
    @GetMapping(
            path = "/v1/customers/{customerId}/history",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_HTML_VALUE})
    @Answers({Problem.INVALID_CURSOR, Problem.VIEW_BEHIND})
    ResponseEntity<History> ofCustomer(
            Caller caller,
            @PathVariable CustomerId customerId,
            @ModelAttribute Part part,
            @RequestHeader(name = LEDGER_POSITION, required = false) @Nullable Long wanted) {
        boolean isOther = caller.owner() != null && !caller.owner().equals(customerId);
        projections.reached(CUSTOMERS, wanted);
        List<UUID> streams = isOther ? List.of() : events.subscriptionsOf(caller.tenant(), customerId);
        return answer(caller, "customer " + customerId, streams, part);
    }

    private ResponseEntity<History> answer(Caller caller, String subject, List<UUID> streams, Part part) {
        long head = events.head();
        int limit = Page.limit(part.limit());
        String list = "history of " + subject;
        Long after = Cursor.read(list, part.cursor(), key -> Long.valueOf(key.getFirst()));
        Telling telling = new Telling(caller.tenant(), streams, events);
        Page<HistoryEntry> page = Page.of(
                events.after(caller.tenant(), streams, Objects.requireNonNullElse(after, 0L), limit + 1),
                limit,
                telling::next,
                last -> Cursor.of(list, last.position()));
        audit.record(caller, HistoryViewed::new);
        return ResponseEntity.ok()
                .header(LEDGER_POSITION, Long.toString(head))
                .body(new History(subject, page.items(), page.nextCursor()));
    }
}
