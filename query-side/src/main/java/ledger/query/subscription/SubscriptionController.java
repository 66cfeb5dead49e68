package ledger.query.subscription;

import static ledger.http.Headers.LEDGER_POSITION;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import ledger.api.Problem;
import ledger.api.SubscriptionId;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.http.Answers;
import ledger.http.Caller;
import ledger.http.Page;
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

    @GetMapping("/{id}")
    @Answers({Problem.SUBSCRIPTION_NOT_FOUND, Problem.VIEW_BEHIND})
    ResponseEntity<SubscriptionView> one(
            Caller caller,
            @PathVariable SubscriptionId id,
            @RequestHeader(name = LEDGER_POSITION, required = false) @Nullable Long wanted) {
        long position = projections.reached(SubscriptionTable.GROUP, wanted);
        SubscriptionView view = rows.findByTenantAndId(caller.tenant().value(), id.value())
                .map(row ->
                        row.endsAt == null ? row.view() : SubscriptionFold.at(clock.now(caller.tenant()), row.view()))
                .orElseThrow(() -> Problem.SUBSCRIPTION_NOT_FOUND.because("there is no subscription " + id));
        return ResponseEntity.ok()
                .eTag("\"" + view.version() + "\"")
                .header(LEDGER_POSITION, Long.toString(position))
                .body(view);
    }

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
                        read(caller.tenant(), filter, order, limit + 1, now),
                        limit,
                        row -> SubscriptionFold.at(now, row.view()),
                        order::cursor));
    }

    private List<SubscriptionRow> read(
            TenantId tenant, SubscriptionFilter filter, SubscriptionOrder order, int most, Instant now) {
        Specification<SubscriptionRow> after = order.after(filter.cursor());
        List<SubscriptionRow> stored = read(filter.stored(tenant, now).and(after), order, most);
        return filter.mayShowOver()
                ? Stream.concat(stored.stream(), read(filter.over(tenant, now).and(after), order, most).stream())
                        .sorted(order.comparator())
                        .limit(most)
                        .toList()
                : stored;
    }

    private List<SubscriptionRow> read(Specification<SubscriptionRow> which, SubscriptionOrder order, int most) {
        return rows.findBy(
                which, found -> found.sortBy(order.sort()).limit(most).all());
    }
}
