package ledger.query;

/** Takes in all events of some streams in memory, from their first ones on and in order, and writes what they come to once. */
public interface Folding {

    /** One that throws has changed nothing. */
    void add(Recorded event);

    void write(Copies copies);
}
