package ledger.command.domain;

import java.util.List;
import ledger.api.CustomerId;
import ledger.api.ProductSlug;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.Activated;
import ledger.api.SubscriptionEvent.AutoRenewSet;
import ledger.api.SubscriptionEvent.Canceled;
import ledger.api.SubscriptionEvent.CancellationScheduled;
import ledger.api.SubscriptionEvent.Corrected;
import ledger.api.SubscriptionEvent.Expired;
import ledger.api.SubscriptionEvent.Paused;
import ledger.api.SubscriptionEvent.PeriodStarted;
import ledger.api.SubscriptionEvent.PlanChangeScheduled;
import ledger.api.SubscriptionEvent.PlanChangeWithdrawn;
import ledger.api.SubscriptionEvent.PlanChanged;
import ledger.api.SubscriptionEvent.QuantityChanged;
import ledger.api.SubscriptionEvent.Reinstated;
import ledger.api.SubscriptionEvent.Renewed;
import ledger.api.SubscriptionEvent.Resumed;
import ledger.api.SubscriptionEvent.Subscribed;
import ledger.command.domain.SubscriptionState.Ended;
import ledger.command.domain.SubscriptionState.Known;
import org.jspecify.annotations.Nullable;

/** What a subscription's events take and release of the tenant's sets, in the commit that stores them. */
public sealed interface Claims {

    /** One live subscription per customer and product, or as many as the product's policy says. */
    String LIVE = "live";

    /** One subscription per reference, for ever. */
    String REFERENCE = "reference";

    /** Needs a free slot of {@code key}: one of {@code most}, or any where that is null. */
    record Take(String scope, String key, @Nullable Integer most) implements Claims {}

    /** Gives back the slot that the stream holds of {@code key}. */
    record Release(String scope, String key) implements Claims {}

    String scope();

    String key();

    static List<Claims> of(SubscriptionState before, SubscriptionEvent event) {
        return switch (event) {
            case Subscribed e
            when e.reference() != null ->
                List.of(live(e), new Take(REFERENCE, e.reference().value(), 1));
            case Subscribed e -> List.of(live(e));
            case Renewed e
            when before instanceof Ended ended -> List.of(new Take(LIVE, key(ended.contract()), e.maxLive()));
            case Canceled _, Expired _ -> List.of(new Release(LIVE, key(((Known) before).contract())));
            case Renewed _, Activated _, PeriodStarted _, CancellationScheduled _, Reinstated _ -> List.of();
            case AutoRenewSet _, PlanChanged _, PlanChangeScheduled _, PlanChangeWithdrawn _ -> List.of();
            case QuantityChanged _, Paused _, Resumed _, Corrected _ -> List.of();
        };
    }

    private static Take live(Subscribed event) {
        return new Take(LIVE, key(event.customer(), event.plan().product()), event.maxLive());
    }

    /** A subscription stays with its customer and its product. */
    private static String key(Contract contract) {
        return key(contract.holder().customer(), contract.deal().offer().plan().product());
    }

    private static String key(CustomerId customer, ProductSlug product) {
        return product + "/" + customer;
    }
}
