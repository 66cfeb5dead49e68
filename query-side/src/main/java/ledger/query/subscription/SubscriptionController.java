package ledger.query.subscription;

import static ledger.http.Headers.LEDGER_POSITION;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
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
import ledger.http.StoredAnswer;
import ledger.query.AsOf;
import ledger.query.Moment;
import ledger.query.Past;
import ledger.query.Projections;
import ledger.query.StoredJson;
import ledger.query.TenantClock;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/subscriptions")
class SubscriptionController {

    private static final String ONE =
            "select document, version, ends_at is not null from subscription where tenant = ? and subscription_id = ?";

    private static final String ONE_OF_ITS_OWNER = ONE + " and customer_id = ?";

    private final JdbcClient database;
    private final SubscriptionRows rows;
    private final Projections projections;
    private final TenantClock clock;
    private final Past past;
    private final PastSubscriptions pastSubscriptions;

    SubscriptionController(
            JdbcClient database,
            SubscriptionRows rows,
            Projections projections,
            TenantClock clock,
            Past past,
            PastSubscriptions pastSubscriptions) {
        this.database = database;
        this.rows = rows;
        this.projections = projections;
        this.clock = clock;
        this.past = past;
        this.pastSubscriptions = pastSubscriptions;
    }

    @Allowed({Role.CUSTOMER, Role.OPERATOR, Role.AUDITOR})
    @GetMapping("/{id}")
    @Answers({Problem.SUBSCRIPTION_NOT_FOUND, Problem.VIEW_BEHIND})
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = SubscriptionView.class)))
    ResponseEntity<?> one(
            Caller caller,
            @PathVariable SubscriptionId id,
            @ParameterObject AsOf asOf,
            @RequestHeader(name = LEDGER_POSITION, required = false) @Nullable Long wanted) {
        Moment moment = past.asked(caller, asOf);
        long position = projections.reached(SubscriptionTable.GROUP, wanted);
        Found found = (moment == null ? find(caller, id) : find(caller, id, moment))
                .orElseThrow(() -> Problem.SUBSCRIPTION_NOT_FOUND.because("there is no subscription " + id));
        return ResponseEntity.ok()
                .eTag("\"" + found.version + "\"")
                .header(LEDGER_POSITION, Long.toString(position))
                .body(found.body);
    }

    /** A list of the past is read from the ledger, subscription by subscription; its first page counts them all. */
    @Allowed({Role.CUSTOMER, Role.OPERATOR, Role.AUDITOR})
    @GetMapping
    @Answers({Problem.INVALID_CURSOR, Problem.VIEW_BEHIND})
    ResponseEntity<SubscriptionPage> list(
            Caller caller,
            @ModelAttribute SubscriptionFilter filter,
            @ParameterObject AsOf asOf,
            @RequestHeader(name = LEDGER_POSITION, required = false) @Nullable Long wanted) {
        Moment moment = past.asked(caller, asOf);
        long position = projections.reached(SubscriptionTable.GROUP, wanted);
        SubscriptionPage page = moment == null
                ? now(caller, filter, asOf)
                : new PastList(filter, asOf).read(pastSubscriptions, caller.tenant(), caller.owner(), moment);
        return ResponseEntity.ok()
                .header(LEDGER_POSITION, Long.toString(position))
                .body(page);
    }

    /** The body of an answer, and the version that it shows. */
    private record Found(Object body, long version) {

        static Found of(SubscriptionView view) {
            return new Found(view, view.version());
        }
    }

    /** The document is answered as it is stored, unless the subscription may be over without an event that says so. */
    private Optional<Found> find(Caller caller, SubscriptionId id) {
        CustomerId owner = caller.owner();
        return database.sql(owner == null ? ONE : ONE_OF_ITS_OWNER)
                .param(caller.tenant().value())
                .param(id.value())
                .params(owner == null ? List.of() : List.of(owner.value()))
                .query((row, _) -> row.getBoolean(3)
                        ? Found.of(SubscriptionFold.at(
                                clock.now(caller.tenant()), StoredJson.read(row.getString(1), SubscriptionView.class)))
                        : new Found(new StoredAnswer(row.getBytes(1)), row.getLong(2)))
                .optional();
    }

    private Optional<Found> find(Caller caller, SubscriptionId id, Moment moment) {
        return pastSubscriptions
                .one(caller.tenant(), id.value(), moment)
                .filter(view -> caller.owner() == null || caller.owner().equals(view.customerId()))
                .map(Found::of);
    }

    private SubscriptionPage now(Caller caller, SubscriptionFilter filter, AsOf asOf) {
        TenantId tenant = caller.tenant();
        Instant now = clock.now(tenant);
        SubscriptionOrder order = SubscriptionOrder.of(filter, asOf);
        int most = Page.limit(filter.limit()) + 1;
        Specification<SubscriptionRow> after = order.after(filter.cursor()).and(ownedBy(caller.owner()));
        Stream<SubscriptionRow> stored = read(filter.stored(tenant, now).and(after), order, most);
        Stream<SubscriptionRow> over =
                filter.mayShowOver() ? read(filter.over(tenant, now).and(after), order, most) : Stream.empty();
        List<SubscriptionView> views = Stream.concat(stored, over)
                .map(row -> SubscriptionFold.at(now, row.view()))
                .sorted(order.comparator())
                .limit(most)
                .toList();
        return SubscriptionPage.of(views, filter, order, null);
    }

    private static Specification<SubscriptionRow> ownedBy(@Nullable CustomerId owner) {
        return (row, _, is) -> owner == null ? is.conjunction() : is.equal(row.get("customerId"), owner.value());
    }

    private Stream<SubscriptionRow> read(Specification<SubscriptionRow> which, SubscriptionOrder order, int most) {
        return rows
                .findBy(which, found -> found.sortBy(order.sort()).limit(most).all())
                .stream();
    }
}
