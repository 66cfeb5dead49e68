package ledger.command;

import com.github.benmanes.caffeine.cache.Cache;
import java.time.Instant;
import java.util.List;
import ledger.api.CustomerId;
import ledger.api.Limit;
import ledger.api.Metric;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.Subscribed;
import ledger.api.SubscriptionId;
import ledger.api.TenantId;
import ledger.api.UsageCommand.RecordUsage;
import ledger.command.domain.Contract;
import ledger.command.domain.UsageDecisions;
import ledger.command.store.Execution;
import ledger.command.store.Streams;
import ledger.http.Caches;
import org.jspecify.annotations.Nullable;

/**
 * Finds which limit of which period usage counts towards. Subscriptions are cached; as with the {@link Catalogue}, the append
 * depends on the version that was read, and nothing is refused on the word of the cache alone.
 */
final class Meters {

    /** In events, of all cached subscriptions together. */
    private static final int CACHED = 200_000;

    private record Key(TenantId tenant, SubscriptionId subscription) {}

    private final Streams streams;
    private final Catalogue catalogue;
    private final World world;
    private final Cache<Key, List<SubscriptionEvent>> histories = Caches.builder()
            .maximumWeight(CACHED)
            .weigher((Key _, List<SubscriptionEvent> history) -> history.size())
            .build();

    Meters(Streams streams, Catalogue catalogue, World world) {
        this.streams = streams;
        this.catalogue = catalogue;
        this.world = world;
    }

    /**
     * The command to count {@code quantity} at {@code at} (null: now), if the subscription is at one of the expected versions (null:
     * any).
     */
    RecordUsage recording(
            Execution execution,
            SubscriptionId subscription,
            Metric metric,
            long quantity,
            @Nullable Instant at,
            @Nullable String expectedVersions,
            boolean fresh) {
        Key key = new Key(execution.tenant(), subscription);
        List<SubscriptionEvent> known = fresh ? null : known(key, execution.owner());
        List<SubscriptionEvent> history = known == null ? read(key, execution.owner()) : known;
        try {
            Stamp.requireVersion(expectedVersions, history.size() - 1);
            Instant now = world.now(execution.tenant());
            Instant counted = at == null ? now : at;
            Contract contract = UsageDecisions.contract(history, counted, now);
            var plan = contract.deal().offer().plan();
            Limit limit = UsageDecisions.limit(catalogue.limits(execution.tenant(), plan), metric);
            execution.guard(subscription.value(), history.size() - 1);
            if (known != null) {
                execution.recall();
            }
            execution.lastEventIsEnough();
            var period = contract.billing().current().period();
            return new RecordUsage(subscription, metric, plan, limit, period, quantity, counted);
        } catch (Rejected rejected) {
            if (known == null) {
                throw rejected;
            }
            return recording(execution, subscription, metric, quantity, at, expectedVersions, true);
        }
    }

    /** The subscription of another customer is not there, and to find that out takes as long as if it were not. */
    private List<SubscriptionEvent> read(Key key, @Nullable CustomerId owner) {
        List<SubscriptionEvent> history =
                streams.read(key.tenant, owner, key.subscription.value(), 0, Long.MAX_VALUE).stream()
                        .map(stored -> (SubscriptionEvent) stored.event())
                        .toList();
        if (history.isEmpty()) {
            throw Problem.SUBSCRIPTION_NOT_FOUND.because("there is no " + key.subscription);
        }
        histories.put(key, history);
        return history;
    }

    /** What is cached of it, as far as {@code owner} may see it. */
    private @Nullable List<SubscriptionEvent> known(Key key, @Nullable CustomerId owner) {
        List<SubscriptionEvent> cached = histories.getIfPresent(key);
        return cached == null || owner == null || owner.equals(((Subscribed) cached.getFirst()).customer())
                ? cached
                : null;
    }
}
