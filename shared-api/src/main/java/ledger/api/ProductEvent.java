package ledger.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a tenant rules for a product. */
public sealed interface ProductEvent extends LedgerEvent {

    ProductSlug product();

    /** {@code maxLivePerCustomer} live subscriptions at most, null where there is no bound. */
    @EventType("product.policy-set")
    record PolicySet(
            ProductSlug product,
            Instant at,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Integer maxLivePerCustomer)
            implements ProductEvent {}
}
