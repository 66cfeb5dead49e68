package ledger.api;

/** What one term costs: {@code amount} for all, or for each unit of the subscription's quantity. */
public record Price(Term term, Money amount, Per per) {

    public enum Per {
        FLAT,
        UNIT
    }

    /** The charge for a whole period; {@link ArithmeticException} when it exceeds {@link Money#MOST}. */
    public Money forQuantity(int quantity) {
        return switch (per) {
            case FLAT -> amount;
            case UNIT -> amount.times(quantity);
        };
    }
}
