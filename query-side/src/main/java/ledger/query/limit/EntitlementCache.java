package ledger.query.limit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import ledger.api.CustomerId;
import ledger.api.SubscriptionEvent;
import ledger.api.TenantId;
import ledger.api.UsageEvent;
import ledger.query.Projection;
import ledger.query.Projections;
import ledger.query.Recorded;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCache;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Remembers what customers are entitled to, in the process or in a Redis that nodes share. An event forgets its customer as
 * soon as its row is committed: on the node that projects, or on all that share. On another node, an entry is forgotten after a
 * second, and a question that carries a position is answered from views that have passed it.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE) // after the tables that it reads
class EntitlementCache implements Projection {

    record Key(TenantId tenant, CustomerId customer) {
        @Override
        public String toString() {
            return tenant + ":" + customer; // no tenant has a colon in it
        }
    }

    /** {@code position} is what the views had reached at least when this was read, at a {@link System#nanoTime}. */
    record Known(List<Entitlement> entitlements, long position, long readAt) {}

    private final Entitlements entitlements;
    private final JdbcClient database;
    private final Cache cache;
    /** The one of this process; null where nodes share one. */
    private final com.github.benmanes.caffeine.cache.@Nullable Cache<?, ?> own;

    private final AtomicLong forgettings = new AtomicLong();
    private final Counter hits;
    private final Counter misses;

    EntitlementCache(Entitlements entitlements, JdbcClient database, CacheManager caches, MeterRegistry metrics) {
        this.entitlements = entitlements;
        this.hits = lookups("hit", metrics);
        this.misses = lookups("miss", metrics);
        this.database = database;
        this.cache = Objects.requireNonNull(caches.getCache(CacheConfiguration.ACCESS));
        this.own = cache instanceof CaffeineCache ours ? ours.getNativeCache() : null;
    }

    /** As Micrometer counts those of other caches; this one may be a Redis. */
    private static Counter lookups(String result, MeterRegistry metrics) {
        return Counter.builder("cache.gets")
                .description("Questions that a cache could answer, and those that it could not")
                .tag("cache", CacheConfiguration.ACCESS)
                .tag("result", result)
                .register(metrics);
    }

    Known of(TenantId tenant, CustomerId customer, Projections projections, @Nullable Long wanted) {
        Key key = new Key(tenant, customer);
        Known remembered = cache.get(key, Known.class);
        if (remembered != null
                && (wanted == null || remembered.position >= wanted)
                && (own == null || isCurrent(remembered, projections))) {
            hits.increment();
            return remembered;
        }
        misses.increment();
        long before = forgettings.get();
        long readAt = System.nanoTime();
        long position = projections.reached(UsageTable.GROUP, wanted);
        Known read = new Known(entitlements.of(tenant, customer), position, readAt);
        cache.put(key, read);
        if (forgettings.get() != before) {
            cache.evict(key); // it may have been read before a change, and remembered after it was forgotten
        }
        return read;
    }

    private static boolean isCurrent(Known known, Projections projections) {
        return System.nanoTime() - known.readAt < CacheConfiguration.STALEST.toNanos()
                || projections.areOursSince(UsageTable.GROUP, known.readAt);
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
        // Nobody asks a node that is still catching up. What somebody does ask meanwhile is little, and forgotten as a
        // whole.
        boolean isEmpty = own != null && own.asMap().isEmpty();
        List<Key> touched = isEmpty ? List.of() : customers(events);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public int getOrder() {
                return Ordered.HIGHEST_PRECEDENCE; // before the new position is told
            }

            @Override
            public void afterCommit() {
                forgettings.incrementAndGet();
                if (isEmpty) {
                    cache.clear();
                } else {
                    forget(touched);
                }
            }
        });
    }

    /** One after the other they would wait for a Redis each; the first one finds out whether there is any. */
    private void forget(List<Key> customers) {
        if (own != null || customers.isEmpty()) {
            customers.forEach(cache::evict);
            return;
        }
        cache.evict(customers.getFirst());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            customers.stream().skip(1).forEach(customer -> threads.execute(() -> cache.evict(customer)));
        }
    }

    private List<Key> customers(List<Recorded> events) {
        UUID[] subscriptions =
                events.stream().map(EntitlementCache::subscription).distinct().toArray(UUID[]::new);
        return database.sql("select distinct tenant, customer_id from subscription where subscription_id = any (?)")
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
