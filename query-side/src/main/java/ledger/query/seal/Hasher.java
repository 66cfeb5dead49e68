package ledger.query.seal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes of RFC 6962: SHA-256, of leaves and of nodes differently. For one thread at a time. */
final class Hasher {

    static final int LENGTH = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final MessageDigest sha256;

    Hasher() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    byte[] leaf(byte[] line) {
        sha256.update(LEAF);
        return sha256.digest(line);
    }

    byte[] node(byte[] left, byte[] right) {
        sha256.update(NODE);
        sha256.update(left);
        return sha256.digest(right);
    }

    /** The root of a tree without leaves. */
    byte[] nothing() {
        return sha256.digest();
    }
}
