package ledger.query.statistics;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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

    private final Map<Key, BigInteger> totals = new HashMap<>();

    static Map<Key, BigInteger> of(Iterable<? extends LedgerEvent> events) {
        Totals totals = new Totals();
        events.forEach(totals::add);
        return totals.sorted();
    }

    void add(LedgerEvent event) {
        totals.merge(new Key(Kind.EVENTS, EventTypes.of(event.getClass()).value()), BigInteger.ONE, BigInteger::add);
        if (event instanceof SubscriptionEvent subscription) {
            add(Kind.CHARGED, subscription.charged());
            add(Kind.CREDITED, subscription.credited());
        }
    }

    SortedMap<Key, BigInteger> sorted() {
        SortedMap<Key, BigInteger> sorted =
                new TreeMap<>(Comparator.comparing(Key::kind).thenComparing(Key::key));
        sorted.putAll(totals);
        return sorted;
    }

    private void add(Kind kind, @Nullable Money money) {
        if (money != null && !money.isZero()) {
            totals.merge(
                    new Key(kind, money.currency().getCurrencyCode()),
                    BigInteger.valueOf(money.amount()),
                    BigInteger::add);
        }
    }
}
