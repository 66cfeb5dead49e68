package ledger.query.limit;

import java.sql.Types;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import ledger.api.CustomerId;
import ledger.api.Limit;
import ledger.api.Metric;
import ledger.api.PlanView;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.api.SubscriptionId;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.query.StoredJson;
import ledger.query.limit.Entitlement.Counter;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads entitlements from the indexed views. */
@Component
class Entitlements {

    private static final String SELECT = """
            select s.document, p.document as plan
            from subscription s
                 left join plan_version p
                     on p.tenant = s.tenant and p.slug = s.plan and p.number = (s.document ->> 'planVersion')::int
            where s.tenant = :tenant and\s""";

    private static final String USED = """
            select subscription_id, metric, number, used from usage
            where tenant = :tenant and subscription_id = any (:subscriptions)
            """;

    private final JdbcClient database;

    Entitlements(JdbcClient database) {
        this.database = database;
    }

    /** As {@code owner} may see it, if that is not null. */
    Optional<Entitlement> of(TenantId tenant, @Nullable CustomerId owner, SubscriptionId subscription) {
        String condition = "s.subscription_id = :which and s.customer_id = coalesce(:owner, s.customer_id)";
        return read(tenant, condition, subscription.value(), owner).stream().findFirst();
    }

    /** Those of the customer's live subscriptions. */
    List<Entitlement> of(TenantId tenant, CustomerId customer) {
        return read(tenant, "s.customer_id = :owner and s.live", null, customer);
    }

    /** Those of a plan version: they never change. */
    List<Limit> limits(TenantId tenant, SubscriptionView subscription) {
        return database.sql("select document from plan_version where tenant = ? and slug = ? and number = ?")
                .params(tenant.value(), subscription.plan().value(), subscription.planVersion())
                .query((row, _) ->
                        StoredJson.read(row.getString(1), PlanView.class).limits())
                .optional()
                .orElseThrow(() -> unknownPlan(subscription));
    }

    private record Row(
            SubscriptionView subscription, @Nullable PlanView plan) {}

    private List<Entitlement> read(
            TenantId tenant, String condition, @Nullable UUID subscription, @Nullable CustomerId owner) {
        List<Row> rows = database.sql(SELECT + condition)
                .param("tenant", tenant.value())
                .param("which", subscription)
                .param("owner", owner == null ? null : owner.value(), Types.VARCHAR)
                .query((row, _) -> {
                    String plan = row.getString("plan");
                    return new Row(
                            StoredJson.read(row.getString("document"), SubscriptionView.class),
                            plan == null ? null : StoredJson.read(plan, PlanView.class));
                })
                .list();
        Map<UUID, Map<Counter, Long>> used = used(tenant, rows);
        return rows.stream().map(row -> entitlement(row, used)).toList();
    }

    private static Entitlement entitlement(Row row, Map<UUID, Map<Counter, Long>> used) {
        if (row.plan == null) {
            throw unknownPlan(row.subscription);
        }
        return new Entitlement(
                row.subscription,
                row.plan.limits(),
                used.getOrDefault(row.subscription.subscriptionId().value(), Map.of()));
    }

    /** Plans and subscriptions are projected side by side; the plan is a moment behind. */
    private static Rejected unknownPlan(SubscriptionView subscription) {
        return Problem.VIEW_BEHIND.because("the plan of " + subscription.subscriptionId() + " is not known yet");
    }

    private Map<UUID, Map<Counter, Long>> used(TenantId tenant, List<Row> rows) {
        Map<UUID, Map<Counter, Long>> used = new HashMap<>();
        if (rows.isEmpty()) {
            return used;
        }
        UUID[] subscriptions = rows.stream()
                .map(row -> row.subscription.subscriptionId().value())
                .toArray(UUID[]::new);
        database.sql(USED)
                .param("tenant", tenant.value())
                .param("subscriptions", subscriptions)
                .query(row -> {
                    used.computeIfAbsent(row.getObject(1, UUID.class), _ -> new HashMap<>())
                            .put(new Counter(new Metric(row.getString(2)), row.getInt(3)), row.getLong(4));
                });
        return used;
    }
}
