package ledger.api;

import java.util.Map;

/** The one way to refuse: a coded problem and what is wrong in this case. Nothing was stored. */
public final class Rejected extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Problem problem;
    private final transient Map<String, Object> facts;

    Rejected(Problem problem, String detail, Map<String, Object> facts) {
        // No stack trace: a refusal is an answer, and its cost is on the path of every conflicting command.
        super(detail, null, false, false);
        this.problem = problem;
        this.facts = Map.copyOf(facts);
    }

    public Problem problem() {
        return problem;
    }

    /** What a program needs to know about this case, by name. */
    public Map<String, Object> facts() {
        return facts;
    }

    public String detail() {
        String message = getMessage();
        return message == null ? problem.title() : message;
    }
}
