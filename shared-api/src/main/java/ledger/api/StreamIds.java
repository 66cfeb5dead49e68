package ledger.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;

/** The ids of streams that follow from what they are about: whoever writes or reads one finds it without looking it up. */
public final class StreamIds {

    private StreamIds() {}

    public static UUID product(TenantId tenant, ProductSlug product) {
        return named(tenant + "/product/" + product);
    }

    /** The stream that counts a metric: one for each period, so that the books are closed; one for all time for an allocation. */
    public static UUID usage(TenantId tenant, SubscriptionId subscription, Limit limit, BillingPeriod period) {
        String counted = tenant + "/usage/" + subscription + "/" + limit.metric();
        return named(
                switch (limit.kind()) {
                    case PER_PERIOD -> counted + "/" + period.number();
                    case ALLOCATION -> counted;
                });
    }

    private static UUID named(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(UTF_8));
    }
}
