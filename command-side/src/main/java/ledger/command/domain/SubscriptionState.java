package ledger.command.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a subscription is in its life. A scheduled end or plan change is a fact of the contract, not a state. */
public sealed interface SubscriptionState {

    /** Before its first event. */
    record Unborn() implements SubscriptionState {}

    sealed interface Known extends SubscriptionState {
        Contract contract();

        Known with(Contract contract);
    }

    /** It holds the customer's claim on the product. */
    sealed interface Live extends Known {
        /** The instant up to which bought time is used: now, or when it was paused. */
        Instant usedUntil(Instant now);

        @Override
        Live with(Contract contract);
    }

    /** Live, and its time goes by. */
    sealed interface Running extends Live {
        @Override
        default Instant usedUntil(Instant now) {
            return now;
        }

        @Override
        default Running with(Contract contract) {
            return running(contract);
        }
    }

    /** Period 0 is running: nothing is charged yet. */
    record Trialing(Contract contract) implements Running {}

    record Active(Contract contract) implements Running {}

    /** Its time stands still since {@code since}, until resumed by a person or at {@code resumeAt}. */
    record Paused(
            Contract contract, Instant since, @Nullable Instant resumeAt) implements Live {
        @Override
        public Instant usedUntil(Instant now) {
            return since;
        }

        @Override
        public Paused with(Contract changed) {
            return new Paused(changed, since, resumeAt);
        }
    }

    record Ended(
            Contract contract,
            Ending ending,
            Instant at,
            @Nullable String reason) implements Known {
        @Override
        public Ended with(Contract changed) {
            return new Ended(changed, ending, at, reason);
        }
    }

    enum Ending {
        CANCELED,
        EXPIRED
    }

    static Running running(Contract contract) {
        return contract.billing().current().period().isTrial() ? new Trialing(contract) : new Active(contract);
    }
}
