package ledger.query.subscription;

import static ledger.http.Headers.LEDGER_POSITION;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ledger.api.CustomerId;
import ledger.api.Problem;
import ledger.api.SubscriptionId;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Caller;
import ledger.http.Page;
import ledger.http.Role;
import ledger.query.Projections;
import ledger.query.TenantClock;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/subscriptions")
class SubscriptionController {

    private final SubscriptionRows rows;
    private final Projections projections;
    private final TenantClock clock;

    SubscriptionController(SubscriptionRows rows, Projections projections, TenantClock clock) {
        this.rows = rows;
        this.projections = projections;
        this.clock = clock;
    }

    @Allowed({Role.CUSTOMER, Role.OPERATOR, Role.AUDITOR})
    @GetMapping("/{id}")
    @Answers({Problem.SUBSCRIPTION_NOT_FOUND, Problem.VIEW_BEHIND})
    ResponseEntity<SubscriptionView> one(
            Caller caller,
            @PathVariable SubscriptionId id,
            @RequestHeader(name = LEDGER_POSITION, required = false) @Nullable Long wanted) {
        long position = projections.reached(SubscriptionTable.GROUP, wanted);
        SubscriptionView view = find(caller, id)
                .map(row ->
                        row.endsAt == null ? row.view() : SubscriptionFold.at(clock.now(caller.tenant()), row.view()))
                .orElseThrow(() -> Problem.SUBSCRIPTION_NOT_FOUND.because("there is no subscription " + id));
        return ResponseEntity.ok()
                .eTag("\"" + view.version() + "\"")
                .header(LEDGER_POSITION, Long.toString(position))
                .body(view);
    }

    @Allowed({Role.CUSTOMER, Role.OPERATOR, Role.AUDITOR})
    @GetMapping
    @Answers({Problem.INVALID_CURSOR, Problem.VIEW_BEHIND})
    ResponseEntity<Page<SubscriptionView>> list(
            Caller caller,
            @ModelAttribute SubscriptionFilter filter,
            @RequestHeader(name = LEDGER_POSITION, required = false) @Nullable Long wanted) {
        long position = projections.reached(SubscriptionTable.GROUP, wanted);
        int limit = Page.limit(filter.limit());
        SubscriptionOrder order = SubscriptionOrder.of(filter);
        Instant now = clock.now(caller.tenant());
        return ResponseEntity.ok()
                .header(LEDGER_POSITION, Long.toString(position))
                .body(Page.of(
                        read(caller, filter, order, limit + 1, now),
                        limit,
                        row -> SubscriptionFold.at(now, row.view()),
                        order::cursor));
    }

    private Optional<SubscriptionRow> find(Caller caller, SubscriptionId id) {
        String tenant = caller.tenant().value();
        CustomerId owner = caller.owner();
        return owner == null
                ? rows.findByTenantAndId(tenant, id.value())
                : rows.findByTenantAndIdAndCustomerId(tenant, id.value(), owner.value());
    }

    private List<SubscriptionRow> read(
            Caller caller, SubscriptionFilter filter, SubscriptionOrder order, int most, Instant now) {
        TenantId tenant = caller.tenant();
        Specification<SubscriptionRow> after = order.after(filter.cursor()).and(ownedBy(caller.owner()));
        List<SubscriptionRow> stored = read(filter.stored(tenant, now).and(after), order, most);
        return filter.mayShowOver()
                ? Stream.concat(stored.stream(), read(filter.over(tenant, now).and(after), order, most).stream())
                        .sorted(order.comparator())
                        .limit(most)
                        .toList()
                : stored;
    }

    private static Specification<SubscriptionRow> ownedBy(@Nullable CustomerId owner) {
        return (row, _, is) -> owner == null ? is.conjunction() : is.equal(row.get("customerId"), owner.value());
    }

    private List<SubscriptionRow> read(Specification<SubscriptionRow> which, SubscriptionOrder order, int most) {
        return rows.findBy(
                which, found -> found.sortBy(order.sort()).limit(most).all());
    }
}
