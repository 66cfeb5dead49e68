package ledger.query.seal;

import org.springframework.stereotype.Component;

/** The hashes of the leaves, for those who export them in the place of events. */
@Component
public final class LeafHashes {

    /** How many bytes each has. */
    public static final int LENGTH = Hasher.LENGTH;

    private final SealTables tables;

    LeafHashes(SealTables tables) {
        this.tables = tables;
    }

    /** Of those after position {@code after}, up to {@code upTo}, one after the other. */
    public byte[] between(long after, long upTo) {
        return tables.leaves(after, upTo);
    }

    /** The position up to which there are any. */
    public long last() {
        return Math.max(0, tables.size());
    }
}
