package ledger.standalone;

import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** Something in the surroundings is in the way; the message tells the person at the command line what, and what to do. */
final class CannotGoOn extends RuntimeException {

    private static final long serialVersionUID = 1;

    CannotGoOn(String message) {
        super(message);
    }

    CannotGoOn(String message, Throwable cause) {
        super(message + ": " + cause, cause);
    }

    /** A file that somebody named. */
    static CannotGoOn unreadable(IOException failure) {
        return failure instanceof NoSuchFileException
                ? new CannotGoOn("there is no file " + failure.getMessage())
                : new CannotGoOn("a file cannot be read", failure);
    }
}
