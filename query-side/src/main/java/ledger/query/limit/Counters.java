package ledger.query.limit;

import java.time.Instant;
import ledger.api.BillingPeriod;
import ledger.api.Limit;
import ledger.api.SubscriptionView;

/** Which counter of a metric counts at an instant. */
final class Counters {

    /** The number under which an allocation is counted: it belongs to no period. */
    private static final int ALLOCATION = -1;

    private Counters() {}

    static int number(Limit limit, BillingPeriod period) {
        return switch (limit.kind()) {
            case PER_PERIOD -> period.number();
            case ALLOCATION -> ALLOCATION;
        };
    }

    /** The period that runs at {@code now}, also where its start has not been noticed yet: counters restart at the boundary. */
    static BillingPeriod current(SubscriptionView view, Instant now) {
        BillingPeriod period = view.currentPeriod();
        if (view.nextPeriod() != null && !now.isBefore(view.nextPeriod().start())) {
            period = view.nextPeriod();
        }
        while (view.renewsAt() != null && !now.isBefore(period.end())) {
            period = view.anchor().after(period);
        }
        return period;
    }

    /** The end of what is paid for; a renewal that has not been noticed yet counts as one. */
    static Instant paidThrough(SubscriptionView view, Instant now) {
        Instant end = current(view, now).end();
        BillingPeriod next = view.nextPeriod();
        return next == null || next.end().isBefore(end) ? end : next.end();
    }
}
