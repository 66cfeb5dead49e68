package ledger.query.subscription;

import java.util.List;
import java.util.PriorityQueue;
import ledger.api.CustomerId;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.http.Page;
import ledger.query.AsOf;
import ledger.query.Moment;
import ledger.query.subscription.PastSubscriptions.Which;
import org.jspecify.annotations.Nullable;

/** One page of a list of the past: the first ones in its order, of as many as there are, and how many there are. */
final class PastList {

    private final SubscriptionFilter filter;
    private final SubscriptionOrder order;
    private final int most;
    private final PriorityQueue<SubscriptionView> first;
    private long total;

    PastList(SubscriptionFilter filter, AsOf asOf) {
        this.filter = filter;
        this.order = SubscriptionOrder.of(filter, asOf);
        this.most = Page.limit(filter.limit()) + 1;
        this.first = new PriorityQueue<>(order.comparator().reversed());
    }

    SubscriptionPage read(PastSubscriptions subscriptions, TenantId tenant, @Nullable CustomerId owner, Moment moment) {
        Which which = new Which(filter.unchanging(owner), order.isById() ? order.lastId(filter.cursor()) : null);
        subscriptions.each(tenant, which, moment, this::take);
        List<SubscriptionView> views = first.stream().sorted(order.comparator()).toList();
        return SubscriptionPage.of(views, filter, order, filter.cursor() == null ? total : null);
    }

    /** Whether more are of interest: a page that follows in the order of ids is complete when it is full. */
    private boolean take(SubscriptionView view) {
        if (filter.matches(view) && order.isAfter(filter.cursor(), view)) {
            total++;
            first.add(view);
            if (first.size() > most) {
                first.remove();
            }
        }
        return filter.cursor() == null || !order.isById() || first.size() < most;
    }
}
