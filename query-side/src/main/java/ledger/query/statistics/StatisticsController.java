package ledger.query.statistics;

import static ledger.http.Headers.LEDGER_POSITION;

import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ledger.api.Problem;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Caller;
import ledger.http.Role;
import ledger.query.AsOf;
import ledger.query.Moment;
import ledger.query.Past;
import ledger.query.Projections;
import ledger.query.Snapshots;
import ledger.query.StoredJson;
import ledger.query.TenantClock;
import ledger.query.statistics.Totals.Kind;
import ledger.query.subscription.Holdings;
import ledger.query.subscription.Holdings.Holding;
import ledger.query.subscription.PastSubscriptions;
import ledger.query.subscription.SubscriptionFold;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@RestController
class StatisticsController {

    /** Those whose term is over, but not yet ended by its event: there are few at any time. */
    private static final String OVER = "select document from subscription "
            + "where tenant = :tenant and live and paid_through <= :now and ends_at <= :now";

    private final Snapshots snapshots;
    private final Projections projections;
    private final TenantClock clock;
    private final Past past;
    private final PastSubscriptions subscriptions;

    StatisticsController(
            Snapshots snapshots,
            Projections projections,
            TenantClock clock,
            Past past,
            PastSubscriptions subscriptions) {
        this.snapshots = snapshots;
        this.projections = projections;
        this.clock = clock;
        this.past = past;
        this.subscriptions = subscriptions;
    }

    /** Those of the past are counted anew from the ledger. */
    @Allowed({Role.OPERATOR, Role.AUDITOR})
    @GetMapping("/v1/statistics")
    @Answers({Problem.VIEW_BEHIND})
    ResponseEntity<StatisticsView> statistics(
            Caller caller,
            @ParameterObject AsOf asOf,
            @RequestHeader(name = LEDGER_POSITION, required = false) @Nullable Long wanted) {
        Moment moment = past.asked(caller, asOf);
        long position = projections.reached(TotalTable.GROUP, wanted);
        StatisticsView view = moment == null
                ? now(caller.tenant())
                : PastFigures.read(past, subscriptions, caller.tenant(), moment).view(position);
        return ResponseEntity.ok()
                .header(LEDGER_POSITION, Long.toString(view.position()))
                .body(view);
    }

    private StatisticsView now(TenantId tenant) {
        Instant now = clock.now(tenant);
        return snapshots.read(
                () -> new Figures(totals(tenant), holdings(tenant, now)).view(projections.stored(TotalTable.GROUP)));
    }

    private Map<Totals.Key, BigInteger> totals(TenantId tenant) {
        Map<Totals.Key, BigInteger> totals = new HashMap<>();
        snapshots
                .database()
                .sql("select kind, key, amount from total where tenant = ?")
                .param(tenant.value())
                .query(row -> {
                    Totals.Key key = new Totals.Key(Kind.valueOf(row.getString("kind")), row.getString("key"));
                    totals.put(key, row.getBigDecimal("amount").toBigIntegerExact());
                });
        return totals;
    }

    private List<Holding> holdings(TenantId tenant, Instant now) {
        Holdings holdings = Holdings.read(snapshots.database(), tenant);
        snapshots
                .database()
                .sql(OVER)
                .param("tenant", tenant.value())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query((row, _) -> StoredJson.read(row.getString(1), SubscriptionView.class))
                .list()
                .forEach(view -> holdings.replace(tenant, view, SubscriptionFold.at(now, view)));
        return holdings.all();
    }
}
