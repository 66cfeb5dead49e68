package ledger.command.store;

/** The idempotency key of a command has its first answer already; nothing more was stored. */
public final class AlreadyAnswered extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Answer first;

    AlreadyAnswered(Answer first) {
        super(first.key(), null, false, false);
        this.first = first;
    }

    public Answer first() {
        return first;
    }
}
