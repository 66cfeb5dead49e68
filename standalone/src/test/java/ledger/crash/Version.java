package ledger.crash;

import java.util.Optional;
import ledger.crash.Linearizability.Model;
import org.jspecify.annotations.Nullable;

/** The version of a subscription that is changed by those who expect one (If-Match), and by those who do not care. */
final class Version implements Model<Long, Version.Change> {

    record Change(@Nullable Long expected, Outcome outcome) {}

    sealed interface Outcome {
        record Changed(long to) implements Outcome {}

        /** It was at another version than expected. */
        record Mismatch() implements Outcome {}

        record Unknown() implements Outcome {}
    }

    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public Optional<Long> after(Long version, Change change) {
        boolean expected = change.expected() == null || change.expected().equals(version);
        return switch (change.outcome()) {
            case Outcome.Changed(long to) -> expected && to == version + 1 ? Optional.of(to) : Optional.empty();
            case Outcome.Mismatch() -> expected ? Optional.empty() : Optional.of(version);
            case Outcome.Unknown() -> Optional.of(expected ? version + 1 : version);
        };
    }
}
