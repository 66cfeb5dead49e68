package ledger.verifier;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Leaves and nodes of RFC 6962. */
final class Hashes {

    static final int LENGTH = 32;

    private final MessageDigest sha256;

    Hashes() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    byte[] leaf(byte[] bytes, int start, int length) {
        sha256.update((byte) 0x00);
        sha256.update(bytes, start, length);
        return sha256.digest();
    }

    byte[] leaf(byte[] line) {
        return leaf(line, 0, line.length);
    }

    byte[] node(byte[] left, byte[] right) {
        sha256.update((byte) 0x01);
        sha256.update(left);
        sha256.update(right);
        return sha256.digest();
    }

    byte[] empty() {
        return sha256.digest();
    }
}
