package ledger.standalone;

/** Something in the surroundings is in the way; the message tells the person at the command line what, and what to do. */
final class CannotGoOn extends RuntimeException {

    private static final long serialVersionUID = 1;

    CannotGoOn(String message) {
        super(message);
    }

    CannotGoOn(String message, Throwable cause) {
        super(message + ": " + cause, cause);
    }
}
