package ledger.crash;

import java.util.Optional;
import ledger.crash.Linearizability.Model;

/** One customer's claim on one product: a lock that one subscription holds at a time. */
sealed interface Claim {

    enum Outcome {
        DONE,
        REFUSED,
        UNKNOWN
    }

    /** It subscribes; refused while another one is live. */
    record Take(String subscription, Outcome outcome) implements Claim {}

    /** It ends now; where it had ended before that changes nothing. */
    record Give(String subscription, Outcome outcome) implements Claim {}

    /** The state is the subscription that holds it, if any does. */
    Model<Optional<String>, Claim> MODEL = new Model<>() {
        @Override
        public Optional<String> initial() {
            return Optional.empty();
        }

        @Override
        public Optional<Optional<String>> after(Optional<String> holder, Claim operation) {
            return switch (operation) {
                case Take(String id, Outcome outcome) ->
                    switch (outcome) {
                        case DONE -> holder.isEmpty() ? Optional.of(Optional.of(id)) : Optional.empty();
                        case REFUSED -> holder.isEmpty() ? Optional.empty() : Optional.of(holder);
                        case UNKNOWN -> Optional.of(holder.isEmpty() ? Optional.of(id) : holder);
                    };
                case Give(String id, Outcome outcome) ->
                    outcome == Outcome.REFUSED
                            ? Optional.empty()
                            : Optional.of(holder.filter(held -> !held.equals(id)));
            };
        }
    };
}
