package ledger.command;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import ledger.api.LedgerEvent;
import ledger.api.Limit;
import ledger.api.Offer;
import ledger.api.PlanEvent;
import ledger.api.PlanEvent.Published;
import ledger.api.PlanEvent.Retired;
import ledger.api.PlanEvent.Revised;
import ledger.api.PlanRef;
import ledger.api.PlanSlug;
import ledger.api.PlanView;
import ledger.api.Price;
import ledger.api.Problem;
import ledger.api.ProductSlug;
import ledger.api.StreamIds;
import ledger.api.TenantId;
import ledger.api.Term;
import ledger.command.store.Execution;
import ledger.command.store.Streams;
import ledger.http.Caches;
import org.jspecify.annotations.Nullable;

/**
 * Plans and product policies as decisions need them, cached. A stale entry harms nobody: the append is made to depend on the
 * version that was read, a command that loses by that is decided again on what holds now, and nothing is refused on the word
 * of the cache alone.
 */
final class Catalogue {

    private static final int CACHED = 10_000;

    private record PlanKey(TenantId tenant, PlanSlug slug) {}

    private record ProductKey(TenantId tenant, ProductSlug product) {}

    private record VersionKey(TenantId tenant, PlanRef plan) {}

    /** What a plan offers for a term now, and how long its trial is unless the subscriber is given another. */
    record Article(Offer offer, int trialDays) {}

    private final Streams streams;
    private final LoadingCache<PlanKey, @Nullable Decided> plans;
    private final LoadingCache<ProductKey, Decided> products;
    private final LoadingCache<VersionKey, List<Limit>> limits;

    Catalogue(Streams streams, MeterRegistry metrics) {
        this.streams = streams;
        plans = cache().build(key -> plan(streams, key));
        products = cache().build(key -> product(streams, key));
        limits = cache().build(key -> limits(streams, key));
        CaffeineCacheMetrics.monitor(metrics, plans, "plans");
        CaffeineCacheMetrics.monitor(metrics, products, "products");
        CaffeineCacheMetrics.monitor(metrics, limits, "limits");
    }

    private static Caffeine<Object, Object> cache() {
        return Caches.builder().maximumSize(CACHED).recordStats();
    }

    /**
     * The plan's offer for a term.
     *
     * @throws ledger.api.Rejected {@code unknown-plan}, {@code plan-retired} or {@code no-price-for-term}
     */
    Article article(Execution execution, PlanSlug slug, Term term, boolean fresh) {
        PlanKey key = new PlanKey(execution.tenant(), slug);
        if (fresh) {
            plans.invalidate(key);
        }
        @Nullable Decided plan = plans.get(key);
        Problem refusal = refusal(plan, term);
        if (refusal != null && !fresh) {
            return article(execution, slug, term, true);
        }
        if (plan == null || refusal != null) {
            throw Objects.requireNonNullElse(refusal, Problem.UNKNOWN_PLAN).because(words(slug, term));
        }
        execution.guard(plan.stream(), plan.version());
        PlanView view = (PlanView) plan.view();
        PlanRef ref = new PlanRef(slug, view.planVersion(), view.product());
        return new Article(new Offer(ref, Price.forTerm(view.prices(), term).orElseThrow()), view.trialDays());
    }

    /** The product's bound on live subscriptions per customer; null where there is none. */
    @Nullable
    Integer maxLive(Execution execution, ProductSlug product, boolean fresh) {
        ProductKey key = new ProductKey(execution.tenant(), product);
        if (fresh) {
            products.invalidate(key);
        }
        Decided policy = products.get(key);
        execution.guard(policy.stream(), policy.version());
        return ((Product.Policy) policy.view()).maxLivePerCustomer();
    }

    /**
     * What a version of a plan offered for a term, whether it is still on sale or not; null for the newest one.
     *
     * @throws ledger.api.Rejected {@code unknown-plan} or {@code no-price-for-term}
     */
    Offer offer(TenantId tenant, PlanSlug slug, @Nullable Integer version, Term term) {
        List<LedgerEvent> events = streams.events(tenant, slug.streamIn(tenant));
        if (events.isEmpty()) {
            throw Problem.UNKNOWN_PLAN.because(words(slug, term));
        }
        // Version n is the n-th event of a plan: nothing but a retirement, its last, is no version.
        PlanView plan =
                (PlanView) Plan.replay(slug.streamIn(tenant), version == null ? events : events.subList(0, version))
                        .view();
        return Price.forTerm(plan.prices(), term)
                .map(price -> new Offer(new PlanRef(slug, plan.planVersion(), plan.product()), price))
                .orElseThrow(() -> Problem.NO_PRICE_FOR_TERM.because(words(slug, term)));
    }

    /** The limits of a version of a plan, which never change. */
    List<Limit> limits(TenantId tenant, PlanRef plan) {
        return limits.get(new VersionKey(tenant, plan));
    }

    private static @Nullable Problem refusal(@Nullable Decided plan, Term term) {
        if (plan == null) {
            return Problem.UNKNOWN_PLAN;
        }
        PlanView view = (PlanView) plan.view();
        if (view.retired()) {
            return Problem.PLAN_RETIRED;
        }
        return Price.forTerm(view.prices(), term).isEmpty() ? Problem.NO_PRICE_FOR_TERM : null;
    }

    private static String words(PlanSlug slug, Term term) {
        return "plan " + slug + " for " + (term.every() == 1 ? "a " : "") + term;
    }

    private static @Nullable Decided plan(Streams streams, PlanKey key) {
        UUID stream = key.slug.streamIn(key.tenant);
        List<LedgerEvent> events = streams.events(key.tenant, stream);
        return events.isEmpty() ? null : Plan.replay(stream, events);
    }

    private static List<Limit> limits(Streams streams, VersionKey key) {
        UUID stream = key.plan.slug().streamIn(key.tenant);
        // Version n is the n-th event of a plan: nothing but a retirement, its last, is no version.
        PlanEvent published =
                (PlanEvent) streams.read(key.tenant, stream, key.plan.version() - 1, key.plan.version() - 1)
                        .getFirst()
                        .event();
        return switch (published) {
            case Published event -> event.terms().limits();
            case Revised event -> event.terms().limits();
            case Retired _ -> throw new IllegalStateException(key.plan + " is no version");
        };
    }

    private static Decided product(Streams streams, ProductKey key) {
        UUID stream = StreamIds.product(key.tenant, key.product);
        return Product.replay(stream, key.product, streams.events(key.tenant, stream));
    }
}
