package ledger.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as its readers see it. Commands answer it from the decided state, queries from the read model: one shape.
 * {@code version} counts its events from 0 and is its ETag. Fields that do not apply are absent.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SubscriptionView(
        SubscriptionId subscriptionId,
        @Nullable Reference reference,
        CustomerId customerId,
        PlanSlug plan,
        int planVersion,
        ProductSlug product,
        SubscriptionStatus status,
        int quantity,
        Price price,
        Instant startedAt,
        BillingPeriod currentPeriod,
        @Nullable BillingPeriod nextPeriod,
        boolean autoRenew,
        boolean cancelAtPeriodEnd,
        @Nullable String cancelReason,
        Anchor anchor,
        @Nullable PlanChangeView scheduledChange,
        @Nullable Instant pausedAt,
        @Nullable Instant resumeAt,
        @Nullable Instant endedAt,
        @Nullable Instant renewsAt,
        @Nullable Instant endsAt,
        long version) {

    /** The plan and price that the next period will have. */
    public record PlanChangeView(PlanSlug plan, int planVersion, Price price) {}
}
