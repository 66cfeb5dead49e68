package ledger.command.store;

import java.sql.SQLException;

/** The database went away in the middle of a commit and did not come back in time: what it holds is not known yet. */
final class OutcomeUnknown extends Exception {

    private static final long serialVersionUID = 1;

    OutcomeUnknown(SQLException cause) {
        super(cause);
    }
}
