package ledger.query.statistics;

import static ledger.http.Headers.LEDGER_POSITION;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Currency;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import ledger.api.Problem;
import ledger.api.SubscriptionStatus;
import ledger.api.TenantId;
import ledger.api.Term;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Caller;
import ledger.http.Role;
import ledger.query.Fraction;
import ledger.query.Projections;
import ledger.query.Snapshots;
import ledger.query.TenantClock;
import ledger.query.statistics.StatisticsView.Sum;
import ledger.query.statistics.Totals.Kind;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@RestController
class StatisticsController {

    private static final String SUBSCRIPTIONS = """
            select case when ends_at <= :now then case when cancel_at_period_end then 'CANCELED' else 'EXPIRED' end
                        else status end status,
                   currency, term_unit, term_every, count(*) subscriptions, sum(charge) charge
            from subscription where tenant = :tenant
            group by 1, 2, 3, 4
            """;

    private final JdbcClient database;
    private final Snapshots snapshots;
    private final Projections projections;
    private final TenantClock clock;

    StatisticsController(JdbcClient database, Snapshots snapshots, Projections projections, TenantClock clock) {
        this.database = database;
        this.snapshots = snapshots;
        this.projections = projections;
        this.clock = clock;
    }

    @Allowed({Role.OPERATOR, Role.AUDITOR})
    @GetMapping("/v1/statistics")
    @Answers(Problem.VIEW_BEHIND)
    ResponseEntity<StatisticsView> statistics(
            Caller caller, @RequestHeader(name = LEDGER_POSITION, required = false) @Nullable Long wanted) {
        projections.reached(TotalTable.GROUP, wanted);
        Instant now = clock.now(caller.tenant());
        StatisticsView view = snapshots.read(() -> read(caller.tenant(), now));
        return ResponseEntity.ok()
                .header(LEDGER_POSITION, Long.toString(view.position()))
                .body(view);
    }

    private StatisticsView read(TenantId tenant, Instant now) {
        List<Total> totals = database.sql("select kind, key, amount from total where tenant = ?")
                .param(tenant.value())
                .query((row, _) -> Total.of(row))
                .list();
        SortedMap<String, Long> events = new TreeMap<>();
        totals.stream()
                .filter(total -> total.kind == Kind.EVENTS)
                .forEach(total -> events.put(total.key, total.amount.longValueExact()));
        List<Holding> holdings = database.sql(SUBSCRIPTIONS)
                .param("tenant", tenant.value())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query((row, _) -> Holding.of(row))
                .list();
        return new StatisticsView(
                events,
                byStatus(holdings),
                sums(totals, Kind.CHARGED),
                sums(totals, Kind.CREDITED),
                monthly(holdings),
                projections.stored(TotalTable.GROUP));
    }

    private record Total(Kind kind, String key, BigDecimal amount) {
        static Total of(ResultSet row) throws SQLException {
            return new Total(Kind.valueOf(row.getString("kind")), row.getString("key"), row.getBigDecimal("amount"));
        }
    }

    /** The subscriptions that are alike in status, currency and term. */
    private record Holding(SubscriptionStatus status, Currency currency, Term term, long count, BigDecimal charge) {
        static Holding of(ResultSet row) throws SQLException {
            return new Holding(
                    SubscriptionStatus.valueOf(row.getString("status")),
                    Currency.getInstance(row.getString("currency")),
                    new Term(row.getInt("term_every"), Term.Unit.valueOf(row.getString("term_unit"))),
                    row.getLong("subscriptions"),
                    row.getBigDecimal("charge"));
        }
    }

    private static Map<SubscriptionStatus, Long> byStatus(List<Holding> holdings) {
        Map<SubscriptionStatus, Long> counts = new EnumMap<>(SubscriptionStatus.class);
        for (SubscriptionStatus status : SubscriptionStatus.values()) {
            counts.put(status, 0L);
        }
        holdings.forEach(holding -> counts.merge(holding.status, holding.count, Long::sum));
        return counts;
    }

    private static List<Sum> sums(List<Total> totals, Kind kind) {
        return totals.stream()
                .filter(total -> total.kind == kind)
                .map(total -> new Sum(total.amount.toBigIntegerExact(), Currency.getInstance(total.key)))
                .sorted(Comparator.comparing(sum -> sum.currency().getCurrencyCode()))
                .toList();
    }

    private static List<Sum> monthly(List<Holding> holdings) {
        SortedMap<String, Fraction> sums = new TreeMap<>();
        holdings.stream()
                .filter(holding -> holding.status.isLive() && holding.charge.signum() > 0)
                .forEach(holding -> sums.merge(
                        holding.currency.getCurrencyCode(),
                        Fraction.monthly(holding.charge.toBigIntegerExact(), holding.term),
                        Fraction::plus));
        return sums.entrySet().stream()
                .map(sum -> new Sum(sum.getValue().rounded(0).toBigIntegerExact(), Currency.getInstance(sum.getKey())))
                .toList();
    }
}
