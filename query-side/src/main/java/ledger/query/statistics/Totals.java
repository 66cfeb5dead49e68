package ledger.query.statistics;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ledger.api.EventTypes;
import ledger.api.LedgerEvent;
import ledger.api.Money;
import ledger.api.SubscriptionEvent;
import org.jspecify.annotations.Nullable;

/** What events add up to: how many there are of each type, and what was charged and credited in each currency. */
final class Totals {

    enum Kind {
        EVENTS,
        CHARGED,
        CREDITED
    }

    /** What is counted: events of a type, or minor units of a currency. */
    record Key(Kind kind, String key) {}

    private Totals() {}

    static Map<Key, BigInteger> of(List<? extends LedgerEvent> events) {
        Map<Key, BigInteger> totals = new HashMap<>();
        for (LedgerEvent event : events) {
            totals.merge(
                    new Key(Kind.EVENTS, EventTypes.of(event.getClass()).value()), BigInteger.ONE, BigInteger::add);
            if (event instanceof SubscriptionEvent subscription) {
                add(totals, Kind.CHARGED, subscription.charged());
                add(totals, Kind.CREDITED, subscription.credited());
            }
        }
        return totals;
    }

    private static void add(Map<Key, BigInteger> totals, Kind kind, @Nullable Money money) {
        if (money != null && !money.isZero()) {
            totals.merge(
                    new Key(kind, money.currency().getCurrencyCode()),
                    BigInteger.valueOf(money.amount()),
                    BigInteger::add);
        }
    }
}
