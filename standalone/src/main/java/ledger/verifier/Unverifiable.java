package ledger.verifier;

/** What was given is not what it should be, or nobody trustworthy has signed it; the message says what is wrong. */
public final class Unverifiable extends Exception {

    private static final long serialVersionUID = 1;

    Unverifiable(String message) {
        super(message);
    }
}
