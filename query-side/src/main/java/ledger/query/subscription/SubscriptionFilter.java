package ledger.query.subscription;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.Predicate;
import jakarta.persistence.criteria.Root;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ledger.api.CustomerId;
import ledger.api.PlanSlug;
import ledger.api.ProductSlug;
import ledger.api.Reference;
import ledger.api.SubscriptionStatus;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.domain.Specification;

/**
 * Which subscriptions a list shows. {@code endsBefore} (exclusive) and {@code endsAfter} (inclusive) bound the time that live
 * ones are paid through.
 */
record SubscriptionFilter(
        @Nullable CustomerId customerId,
        @Nullable Reference reference,
        @Nullable ProductSlug product,
        @Nullable PlanSlug plan,
        @Nullable SubscriptionStatus status,
        @Nullable Instant endsBefore,
        @Nullable Instant endsAfter,
        @Nullable Boolean autoRenew,

        @Schema(allowableValues = {"startedAt", "-startedAt", "periodEnd", "-periodEnd"}) @Nullable
        String sort,

        @Schema(description = "1 to 200, default 50") @Nullable
        Integer limit,

        @Nullable String cursor) {

    /** What makes it a list of its own. */
    List<@Nullable Object> question() {
        return Arrays.asList(customerId, reference, product, plan, status, endsBefore, endsAfter, autoRenew);
    }

    boolean boundsPeriodEnd() {
        return endsBefore != null || endsAfter != null;
    }

    /** The rows that say so themselves. */
    Specification<SubscriptionRow> stored(TenantId tenant, Instant now) {
        return (row, _, is) -> {
            List<Predicate> all = common(tenant, row, is);
            if (status != null) {
                all.add(is.equal(row.get("status"), status));
            }
            if ((status != null && status.isLive()) || boundsPeriodEnd()) {
                all.add(is.or(is.isNull(row.get("endsAt")), is.greaterThan(row.get("endsAt"), now)));
            }
            return is.and(all);
        };
    }

    /** Whether a term that is over, but not yet ended by its event, can be among what is asked for. */
    boolean mayShowOver() {
        return (status == SubscriptionStatus.CANCELED || status == SubscriptionStatus.EXPIRED) && !boundsPeriodEnd();
    }

    /** The rows that will say so when the event has arrived. There are few at any time. */
    Specification<SubscriptionRow> over(TenantId tenant, Instant now) {
        return (row, _, is) -> {
            List<Predicate> all = common(tenant, row, is);
            all.add(is.isTrue(row.get("live")));
            all.add(is.lessThanOrEqualTo(row.get("paidThrough"), now)); // by which they are indexed
            all.add(is.lessThanOrEqualTo(row.get("endsAt"), now));
            all.add(is.equal(row.get("cancelAtPeriodEnd"), status == SubscriptionStatus.CANCELED));
            return is.and(all);
        };
    }

    /** The conditions on columns whose values a subscription keeps for ever. */
    Map<String, Object> unchanging(@Nullable CustomerId owner) {
        Map<String, Object> equal = new HashMap<>();
        if (customerId != null) {
            equal.put("customer_id", customerId.value());
        }
        if (owner != null) {
            equal.put("customer_id", owner.value());
        }
        if (reference != null) {
            equal.put("reference", reference.value());
        }
        if (product != null) {
            equal.put("product", product.value());
        }
        return equal;
    }

    /** Whether a subscription, as it was at the moment that is asked about, is among them. */
    boolean matches(SubscriptionView view) {
        Instant end = SubscriptionFold.paidThrough(view);
        return (customerId == null || customerId.equals(view.customerId()))
                && (plan == null || plan.equals(view.plan()))
                && (status == null || status == view.status())
                && (autoRenew == null || autoRenew == view.autoRenew())
                && (!boundsPeriodEnd() || view.status().isLive())
                && (endsBefore == null || end.isBefore(endsBefore))
                && (endsAfter == null || !end.isBefore(endsAfter));
    }

    private List<Predicate> common(TenantId tenant, Root<SubscriptionRow> row, CriteriaBuilder is) {
        List<Predicate> all = new ArrayList<>();
        all.add(is.equal(row.get("tenant"), tenant.value()));
        if (customerId != null) {
            all.add(is.equal(row.get("customerId"), customerId.value()));
        }
        if (reference != null) {
            all.add(is.equal(row.get("reference"), reference.value()));
        }
        if (product != null) {
            all.add(is.equal(row.get("product"), product.value()));
        }
        if (plan != null) {
            all.add(is.equal(row.get("plan"), plan.value()));
        }
        if (autoRenew != null) {
            all.add(autoRenew ? is.isTrue(row.get("autoRenew")) : is.isFalse(row.get("autoRenew")));
        }
        if (boundsPeriodEnd()) {
            all.add(is.isTrue(row.get("live")));
        }
        if (endsBefore != null) {
            all.add(is.lessThan(row.get("paidThrough"), endsBefore));
        }
        if (endsAfter != null) {
            all.add(is.greaterThanOrEqualTo(row.get("paidThrough"), endsAfter));
        }
        return all;
    }
}
