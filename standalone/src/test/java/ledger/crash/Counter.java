package ledger.crash;

import java.util.Optional;
import ledger.crash.Linearizability.Model;

/** What is held of an allocation with a hard limit: it is never below 0 or above {@code max}, and what is given back is free. */
record Counter(long max) implements Model<Long, Counter.Use> {

    /** {@code quantity} more, or given back where it is negative. */
    record Use(long quantity, Outcome outcome) {}

    sealed interface Outcome {
        /** {@code used} is the sum since. */
        record Granted(long used) implements Outcome {}

        record Refused() implements Outcome {}

        record Unknown() implements Outcome {}
    }

    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public Optional<Long> after(Long held, Use use) {
        long sum = held + use.quantity();
        boolean possible = sum >= 0 && sum <= max;
        return switch (use.outcome()) {
            case Outcome.Granted(long used) -> possible && used == sum ? Optional.of(sum) : Optional.empty();
            case Outcome.Refused() -> possible ? Optional.empty() : Optional.of(held);
            case Outcome.Unknown() -> Optional.of(possible ? sum : held);
        };
    }
}
