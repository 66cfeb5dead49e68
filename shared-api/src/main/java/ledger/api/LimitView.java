package ledger.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How much of a limit is used. {@code remaining} is never below 0; {@code exceeded} is true where a soft limit is passed.
 * {@code resetsAt} is when a limit per period starts again, absent for an allocation.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LimitView(
        Metric metric,
        Limit.Kind kind,
        Limit.Mode mode,
        long used,
        long max,
        long remaining,
        boolean exceeded,
        @Nullable Instant resetsAt) {

    public static LimitView of(Limit limit, long used, BillingPeriod period) {
        return new LimitView(
                limit.metric(),
                limit.kind(),
                limit.mode(),
                used,
                limit.max(),
                Math.max(0, limit.max() - used),
                used > limit.max(),
                limit.kind() == Limit.Kind.PER_PERIOD ? period.end() : null);
    }
}
