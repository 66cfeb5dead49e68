package ledger.query.job;

/**
 * A kind of long work. It may be stopped at any moment and run again, here or on another node: it keeps checkpoints, goes on
 * from the last one, and writes nothing that does not commit together with the next.
 */
public interface Work {

    String kind();

    /** Whether this node can do it: one of another version may have started it. */
    boolean accepts(String subject);

    void run(Run run);

    /** Clears away what was begun, after it failed or was canceled. */
    default void abandon(String subject) {}
}
