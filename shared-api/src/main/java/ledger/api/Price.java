package ledger.api;

import java.util.List;
import java.util.Optional;

/** What one term costs: {@code amount} for all, or for each unit of the subscription's quantity. */
public record Price(Term term, Money amount, Per per) {

    public enum Per {
        FLAT,
        UNIT
    }

    /** The price for a term, of which a plan has one at most. */
    public static Optional<Price> forTerm(List<Price> prices, Term term) {
        return prices.stream().filter(price -> price.term().equals(term)).findFirst();
    }

    /** The charge for a whole period; {@link ArithmeticException} when it exceeds {@link Money#MOST}. */
    public Money forQuantity(int quantity) {
        return switch (per) {
            case FLAT -> amount;
            case UNIT -> amount.times(quantity);
        };
    }
}
