package ledger.query.statistics;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import ledger.api.TenantId;
import ledger.query.Moment;
import ledger.query.Past;
import ledger.query.statistics.Totals.Kind;
import ledger.query.subscription.Holdings;
import ledger.query.subscription.PastSubscriptions;
import ledger.query.subscription.PastSubscriptions.Life;

/** Statistics of the past: a pass over all subscriptions of the tenant, and a count of all its events. */
final class PastFigures {

    private final TenantId tenant;
    private final Map<Totals.Key, BigInteger> totals = new HashMap<>();
    private final Holdings holdings = new Holdings();

    private PastFigures(TenantId tenant) {
        this.tenant = tenant;
    }

    static Figures read(Past past, PastSubscriptions subscriptions, TenantId tenant, Moment moment) {
        PastFigures figures = new PastFigures(tenant);
        subscriptions.lives(tenant, moment, figures::take);
        past.counts(tenant, moment)
                .forEach((type, count) ->
                        figures.totals.put(new Totals.Key(Kind.EVENTS, type), BigInteger.valueOf(count)));
        return new Figures(figures.totals, figures.holdings.all());
    }

    private boolean take(Life life) {
        Totals.of(life.events()).forEach((key, amount) -> {
            if (key.kind() != Kind.EVENTS) {
                totals.merge(key, amount, BigInteger::add);
            }
        });
        holdings.add(tenant, life.view());
        return true;
    }
}
