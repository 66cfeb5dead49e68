package ledger.query.statistics;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ledger.api.Money;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.query.Moment;
import ledger.query.Past;
import ledger.query.statistics.Figures.Alike;
import ledger.query.statistics.Figures.Holding;
import ledger.query.statistics.Totals.Kind;
import ledger.query.subscription.PastSubscriptions;
import ledger.query.subscription.PastSubscriptions.Life;

/** Statistics of the past: a pass over all subscriptions of the tenant, and a count of all its events. */
final class PastFigures {

    private final Map<Totals.Key, BigInteger> totals = new HashMap<>();
    private final Map<Alike, Holding> holdings = new HashMap<>();

    static Figures read(Past past, PastSubscriptions subscriptions, TenantId tenant, Moment moment) {
        PastFigures figures = new PastFigures();
        subscriptions.each(tenant, moment, figures::take);
        past.counts(tenant, moment)
                .forEach((type, count) ->
                        figures.totals.put(new Totals.Key(Kind.EVENTS, type), BigInteger.valueOf(count)));
        return new Figures(figures.totals, List.copyOf(figures.holdings.values()));
    }

    private boolean take(Life life) {
        Totals.of(life.events()).forEach((key, amount) -> {
            if (key.kind() != Kind.EVENTS) {
                totals.merge(key, amount, BigInteger::add);
            }
        });
        SubscriptionView view = life.view();
        Money charge = view.price().forQuantity(view.quantity());
        Alike alike = new Alike(view.status(), charge.currency(), view.price().term());
        holdings.merge(alike, new Holding(alike, 1, BigDecimal.valueOf(charge.amount())), PastFigures::together);
        return true;
    }

    private static Holding together(Holding one, Holding other) {
        return new Holding(
                one.alike(), one.count() + other.count(), one.charge().add(other.charge()));
    }
}
