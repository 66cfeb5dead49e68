package ledger.api;

/** A part of a value is not valid: says which, for whoever knows where the value came from. */
public final class InvalidField extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final String field;

    public InvalidField(String field, String message) {
        super(message);
        this.field = field;
    }

    public String field() {
        return field;
    }
}
