package ledger.command.domain;

import java.time.Instant;
import java.util.Optional;
import ledger.command.domain.SubscriptionState.Ended;
import ledger.command.domain.SubscriptionState.Paused;
import ledger.command.domain.SubscriptionState.Running;
import ledger.command.domain.SubscriptionState.Unborn;

/** What time alone will do to a subscription next, and when. */
public record Due(Instant at, What what) {

    public enum What {
        TRIAL_END,
        RENEWAL,
        PERIOD_START,
        EXPIRY,
        CANCELLATION,
        RESUMPTION
    }

    /** The one deadline of a state, if it has any: the only rule that says what a boundary means. */
    public static Optional<Due> next(SubscriptionState state) {
        return switch (state) {
            case Unborn _ -> Optional.empty();
            case Ended _ -> Optional.empty();
            case Paused paused -> Optional.ofNullable(paused.resumeAt()).map(at -> new Due(at, What.RESUMPTION));
            case Running running -> Optional.of(atBoundary(running.contract()));
        };
    }

    boolean by(Instant now) {
        return !at.isAfter(now);
    }

    private static Due atBoundary(Contract contract) {
        var period = contract.billing().current().period();
        What what = contract.billing().ahead() != null
                ? What.PERIOD_START
                : contract.wishes().cancellation() != null
                        ? What.CANCELLATION
                        : !contract.wishes().autoRenew()
                                ? What.EXPIRY
                                : period.isTrial() ? What.TRIAL_END : What.RENEWAL;
        return new Due(period.end(), what);
    }
}
