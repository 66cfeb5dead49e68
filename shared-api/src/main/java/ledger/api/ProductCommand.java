package ledger.api;

import org.jspecify.annotations.Nullable;

/** Everything that can be asked of a product. */
public sealed interface ProductCommand {

    ProductSlug product();

    /** Bounds the live subscriptions of one customer (1 to 1,000,000; null: no bound). Applies to claims taken from now on. */
    record SetPolicy(ProductSlug product, @Nullable Integer maxLivePerCustomer) implements ProductCommand {
        public SetPolicy {
            if (maxLivePerCustomer != null) {
                Check.between(maxLivePerCustomer, 1, 1_000_000);
            }
        }
    }
}
