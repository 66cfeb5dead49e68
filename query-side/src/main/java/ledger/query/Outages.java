package ledger.query;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;

/** Failures that are not about what was asked of the database, but about the database: the same again may work later. */
public final class Outages {

    private static final String DISK_FULL = "53100";

    private Outages() {}

    public static boolean isOutage(Throwable failure) {
        String state = state(failure);
        return state != null
                && (state.startsWith("08") // connection exception
                        || state.startsWith("40") // deadlock, serialization
                        || state.startsWith("53") // insufficient resources
                        || state.startsWith("57") // shutting down, canceled
                        || state.startsWith("58") // system error
                        || state.startsWith("XX") // corrupted, internal
                        || state.equals("25006") // read-only
                        || state.equals("55P03")); // lock not available
    }

    public static boolean isDiskFull(Throwable failure) {
        return DISK_FULL.equals(state(failure));
    }

    /** As Spring would have said it, had the statement been its own. */
    public static RuntimeException translated(String what, SQLException failure) {
        RuntimeException translated = new SQLExceptionSubclassTranslator().translate(what, null, failure);
        return translated == null ? new IllegalStateException(failure) : translated;
    }

    /** What went wrong in the first place, in words. */
    public static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    /** The state that the database gave; null where it was not the database. */
    private static @Nullable String state(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException) {
                return "08000"; // no connection could be had in time
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return null;
    }
}
