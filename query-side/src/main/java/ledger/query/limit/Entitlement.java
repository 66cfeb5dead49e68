package ledger.query.limit;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ledger.api.BillingPeriod;
import ledger.api.Limit;
import ledger.api.LimitView;
import ledger.api.Metric;
import ledger.api.SubscriptionView;

/** What one subscription grants: its view, the limits of its plan version, and what is used by metric and counter. */
record Entitlement(SubscriptionView subscription, List<Limit> limits, Map<Counter, Long> used) {

    record Counter(Metric metric, int number) {

        @JsonCreator
        static Counter of(String written) {
            int space = written.indexOf(' ');
            return new Counter(new Metric(written.substring(0, space)), Integer.parseInt(written.substring(space + 1)));
        }

        @JsonValue
        @Override
        public String toString() {
            return metric + " " + number;
        }
    }

    List<LimitView> limitsAt(Instant now) {
        BillingPeriod period = Counters.current(subscription, now);
        return limits.stream().map(limit -> view(limit, period)).toList();
    }

    Optional<LimitView> limitAt(Metric metric, Instant now) {
        BillingPeriod period = Counters.current(subscription, now);
        return limits.stream()
                .filter(limit -> limit.metric().equals(metric))
                .findFirst()
                .map(limit -> view(limit, period));
    }

    private LimitView view(Limit limit, BillingPeriod period) {
        Counter counter = new Counter(limit.metric(), Counters.number(limit, period));
        return LimitView.of(limit, used.getOrDefault(counter, 0L), period);
    }
}
