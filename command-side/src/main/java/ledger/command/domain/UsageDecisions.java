package ledger.command.domain;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ledger.api.Limit;
import ledger.api.Metric;
import ledger.api.Money;
import ledger.api.Problem;
import ledger.api.SubscriptionEvent;
import ledger.api.UsageCommand;
import ledger.api.UsageCommand.RecordUsage;
import ledger.api.UsageEvent;
import ledger.api.UsageEvent.Recorded;
import ledger.command.domain.SubscriptionState.Ended;
import ledger.command.domain.SubscriptionState.Paused;
import ledger.command.domain.SubscriptionState.Running;
import ledger.command.domain.SubscriptionState.Unborn;

/** What a subscription may use: of which limit, in which period, and how much of it. */
public final class UsageDecisions {

    private UsageDecisions() {}

    /**
     * The contract under which usage at {@code at} is recorded: that of the subscription as it was then, with every boundary up to
     * then passed, whether a deadline has noticed or not.
     *
     * @throws ledger.api.Rejected where it was not live then, or paused, or {@code at} lies in the future
     */
    public static Contract contract(List<SubscriptionEvent> history, Instant at, Instant now) {
        if (at.isAfter(now)) {
            throw Problem.USAGE_IN_FUTURE.because("at is later than now, " + now);
        }
        return switch (Decide.asOf(history, at)) {
            case Running running -> running.contract();
            case Paused paused -> throw Problem.SUBSCRIPTION_PAUSED.because("it is paused since " + paused.since());
            case Ended ended -> throw Problem.NOT_LIVE.because("it ended at " + ended.at());
            case Unborn _ -> throw Problem.NOT_LIVE.because("it had not started at " + at);
        };
    }

    /** The limit that counts a metric; refuses a metric that the plan does not have. */
    public static Limit limit(List<Limit> limits, Metric metric) {
        Optional<Limit> limit =
                limits.stream().filter(one -> one.metric().equals(metric)).findFirst();
        return limit.orElseThrow(() -> Problem.UNKNOWN_METRIC.because("the plan has no limit on " + metric));
    }

    /** {@code used} is what counts so far. A hard limit is never exceeded; what is given back was taken. */
    public static List<UsageEvent> decide(long used, UsageCommand command) {
        return switch (command) {
            case RecordUsage c
            when c.quantity() < 0 && c.limit().kind() == Limit.Kind.PER_PERIOD ->
                throw Problem.NOT_AN_ALLOCATION.because(c.metric() + " is counted per period");
            case RecordUsage c
            when used + c.quantity() < 0 ->
                throw Problem.NOT_TAKEN.because(
                        "%d of %s are taken, and %d were to be given back".formatted(used, c.metric(), -c.quantity()),
                        facts(used, c));
            case RecordUsage c
            when c.quantity() > 0 && used + c.quantity() > most(c.limit()) ->
                throw Problem.LIMIT_EXCEEDED.because(
                        "%d of %d %s are used, and %d more were asked for"
                                .formatted(used, most(c.limit()), c.metric(), c.quantity()),
                        facts(used, c));
            case RecordUsage c -> List.of(recorded(used + c.quantity(), c));
        };
    }

    /** A soft limit may be passed as far as can be counted exactly. */
    private static long most(Limit limit) {
        return switch (limit.mode()) {
            case HARD -> limit.max();
            case SOFT -> Money.MOST;
        };
    }

    private static Recorded recorded(long used, RecordUsage c) {
        return new Recorded(c.subscription(), c.at(), c.metric(), c.plan(), c.limit(), c.period(), c.quantity(), used);
    }

    private static Map<String, Object> facts(long used, RecordUsage c) {
        return Map.of(
                "metric", c.metric().value(), "used", used, "max", c.limit().max(), "asked", c.quantity());
    }
}
