package ledger.query.seal;

/** A complete part of the tree: its 2^{@code level} leaves begin at {@code number} × 2^{@code level}, counted from 0. */
record Subtree(int level, long number) {

    /** From this level on the hashes of subtrees are stored; those below are made from the leaves. */
    static final int STORED = 8;

    boolean isStored() {
        return level >= STORED;
    }

    long first() {
        return number << level;
    }

    long end() {
        return (number + 1) << level;
    }
}
