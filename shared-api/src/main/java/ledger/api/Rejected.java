package ledger.api;

/** The one way to refuse: a coded problem and what is wrong in this case. Nothing was stored. */
public final class Rejected extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Problem problem;

    Rejected(Problem problem, String detail) {
        // No stack trace: a refusal is an answer, and its cost is on the path of every conflicting command.
        super(detail, null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }

    public String detail() {
        String message = getMessage();
        return message == null ? problem.title() : message;
    }
}
