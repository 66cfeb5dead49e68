package ledger.query.statistics;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.Currency;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import ledger.api.SubscriptionStatus;
import ledger.query.Fraction;
import ledger.query.statistics.StatisticsView.Sum;
import ledger.query.statistics.Totals.Kind;
import ledger.query.subscription.Holdings.Holding;

/** What a tenant's statistics are made of, now or in the past. */
record Figures(Map<Totals.Key, BigInteger> totals, List<Holding> holdings) {

    StatisticsView view(long position) {
        SortedMap<String, Long> events = new TreeMap<>();
        totals.forEach((key, count) -> {
            if (key.kind() == Kind.EVENTS) {
                events.put(key.key(), count.longValueExact());
            }
        });
        return new StatisticsView(events, byStatus(), sums(Kind.CHARGED), sums(Kind.CREDITED), monthly(), position);
    }

    private Map<SubscriptionStatus, Long> byStatus() {
        Map<SubscriptionStatus, Long> counts = new EnumMap<>(SubscriptionStatus.class);
        for (SubscriptionStatus status : SubscriptionStatus.values()) {
            counts.put(status, 0L);
        }
        holdings.forEach(holding -> counts.merge(holding.alike().status(), holding.subscriptions(), Long::sum));
        return counts;
    }

    private List<Sum> sums(Kind kind) {
        return totals.entrySet().stream()
                .filter(total -> total.getKey().kind() == kind)
                .map(total -> new Sum(
                        total.getValue(), Currency.getInstance(total.getKey().key())))
                .sorted(Comparator.comparing(sum -> sum.currency().getCurrencyCode()))
                .toList();
    }

    private List<Sum> monthly() {
        SortedMap<String, Fraction> sums = new TreeMap<>();
        holdings.stream()
                .filter(holding ->
                        holding.alike().status().isLive() && holding.charge().signum() > 0)
                .forEach(holding -> sums.merge(
                        holding.alike().currency().getCurrencyCode(),
                        Fraction.monthly(
                                holding.charge().toBigIntegerExact(),
                                holding.alike().term()),
                        Fraction::plus));
        return sums.entrySet().stream()
                .map(sum -> new Sum(sum.getValue().rounded(0).toBigIntegerExact(), Currency.getInstance(sum.getKey())))
                .toList();
    }
}
