package ledger.query;

/** Takes in all events of some streams in memory, from their first ones on and in order, and writes what they come to once. */
public interface Folding {

    /** Those of one stream come one after the other, those of several from several threads. One that throws has changed nothing. */
    void add(Recorded event);

    /** Rows in the order of their key where that can be had: indexes are made of sorted rows in half the time. */
    void write(Copies copies);
}
