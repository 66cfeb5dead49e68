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
import ledger.api.PlanEvent;
import ledger.api.ProductEvent;
import ledger.api.SubscriptionEvent.Activated;
import ledger.api.SubscriptionEvent.AutoRenewSet;
import ledger.api.SubscriptionEvent.Canceled;
import ledger.api.SubscriptionEvent.CancellationScheduled;
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
import ledger.api.UsageEvent;
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

    void add(LedgerEvent event) {
        totals.merge(new Key(Kind.EVENTS, EventTypes.of(event.getClass()).value()), BigInteger.ONE, BigInteger::add);
        add(Kind.CHARGED, charge(event));
        add(Kind.CREDITED, credit(event));
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

    private static @Nullable Money charge(LedgerEvent event) {
        return switch (event) {
            case Subscribed e -> e.charge();
            case Activated e -> e.charge();
            case Renewed e -> e.charge();
            case PlanChanged e -> e.charge();
            case QuantityChanged e -> e.charge();
            case PeriodStarted _, CancellationScheduled _, Reinstated _, Canceled _, Expired _ -> null;
            case AutoRenewSet _, PlanChangeScheduled _, PlanChangeWithdrawn _, Paused _, Resumed _ -> null;
            case PlanEvent _, ProductEvent _, UsageEvent _ -> null;
        };
    }

    private static @Nullable Money credit(LedgerEvent event) {
        return switch (event) {
            case PlanChanged e -> e.credit();
            case QuantityChanged e -> e.credit();
            case Canceled _ -> null; // the value of the unused time is stated, not paid out
            case Subscribed _, Activated _, Renewed _, PeriodStarted _, CancellationScheduled _, Reinstated _ -> null;
            case Expired _, AutoRenewSet _, PlanChangeScheduled _, PlanChangeWithdrawn _, Paused _, Resumed _ -> null;
            case PlanEvent _, ProductEvent _, UsageEvent _ -> null;
        };
    }
}
