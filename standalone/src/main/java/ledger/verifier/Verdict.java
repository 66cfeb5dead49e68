package ledger.verifier;

/** What became of comparing an export with what was signed. */
public sealed interface Verdict {

    /**
     * All of it is what was signed, up to {@code sealed}. Of {@code events} there are {@code asHashes} of which only the hash is
     * there; those after {@code sealed} are covered by no checkpoint.
     */
    record Intact(long events, long asHashes, long sealed) implements Verdict {}

    /** The first position that differs is one from {@code from} to {@code to}: mostly they are the same. */
    record Differs(long from, long to, String why) implements Verdict {

        static Differs at(long position, String why) {
            return new Differs(position, position, why);
        }
    }
}
