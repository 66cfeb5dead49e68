package ledger.query.seal;

import java.time.Instant;
import java.util.Base64;

/** A signed state of the tree; {@code note} is what others get. */
record Checkpoint(long size, byte[] root, String note, Instant sealedAt) {

    /** The text that is signed, as c2sp.org/tlog-checkpoint has it. */
    static String text(String origin, long size, byte[] root) {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
    }

    String origin() {
        return note.substring(0, note.indexOf('\n'));
    }
}
