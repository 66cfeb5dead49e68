package ledger.query.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import ledger.api.CustomerId;
import ledger.api.SubscriptionEvent;
import ledger.api.TenantId;
import ledger.api.UsageEvent;
import ledger.query.Projection;
import ledger.query.Projections;
import ledger.query.Recorded;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Remembers what customers are entitled to. On the node that projects, an event forgets its customer as soon as its row is
 * committed; on every node an entry is forgotten after a second. So an answer is never more than a second behind the views,
 * and a question that carries a position is answered from views that have passed it.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE) // after the tables that it reads
class EntitlementCache implements Projection {

    static final Duration STALEST = Duration.ofSeconds(1);
    private static final int CUSTOMERS = 100_000;

    private record Key(TenantId tenant, CustomerId customer) {}

    /** {@code position} is what the views had reached at least when this was read. */
    record Known(List<Entitlement> entitlements, long position) {}

    private final Entitlements entitlements;
    private final JdbcClient database;
    private final Cache<Key, Known> known = Caffeine.newBuilder()
            .maximumSize(CUSTOMERS)
            .expireAfterWrite(STALEST)
            .build();

    EntitlementCache(Entitlements entitlements, JdbcClient database) {
        this.entitlements = entitlements;
        this.database = database;
    }

    Known of(TenantId tenant, CustomerId customer, Projections projections, @Nullable Long wanted) {
        Key key = new Key(tenant, customer);
        Known remembered = known.getIfPresent(key);
        if (remembered != null && (wanted == null || remembered.position >= wanted)) {
            return remembered;
        }
        long position = projections.reached(UsageTable.GROUP, wanted);
        Known read = new Known(entitlements.of(tenant, customer), position);
        known.put(key, read);
        return read;
    }

    @Override
    public String group() {
        return UsageTable.GROUP;
    }

    @Override
    public boolean concerns(Class<?> event) {
        return SubscriptionEvent.class.isAssignableFrom(event) || UsageEvent.class.isAssignableFrom(event);
    }

    @Override
    public void apply(List<Recorded> events) {
        if (known.asMap().isEmpty()) {
            return;
        }
        List<Key> touched = customers(events);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                known.invalidateAll(touched);
            }
        });
    }

    private List<Key> customers(List<Recorded> events) {
        UUID[] subscriptions =
                events.stream().map(EntitlementCache::subscription).distinct().toArray(UUID[]::new);
        return database.sql(
                        "select distinct tenant, customer_id from views.subscription where subscription_id = any (?)")
                .param(subscriptions)
                .query((row, _) -> new Key(new TenantId(row.getString(1)), new CustomerId(row.getString(2))))
                .list();
    }

    private static UUID subscription(Recorded recorded) {
        return recorded.event() instanceof UsageEvent usage
                ? usage.subscription().value()
                : recorded.stream();
    }
}
