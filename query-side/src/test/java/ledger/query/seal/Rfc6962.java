package ledger.query.seal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.List;

/** The definitions of RFC 6962 §2.1 word by word, and the verification of proofs as RFC 9162 §2.1 has it. Slow, and ours alone. */
final class Rfc6962 {

    private Rfc6962() {}

    static byte[] root(List<byte[]> leaves) {
        if (leaves.isEmpty()) {
            return sha256();
        }
        if (leaves.size() == 1) {
            return sha256(new byte[] {0}, leaves.getFirst());
        }
        int k = 1;
        while (2 * k < leaves.size()) {
            k *= 2;
        }
        return sha256(new byte[] {1}, root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
    }

    /** The root that an inclusion proof leads to. */
    static byte[] rootOf(byte[] leafHash, long leaf, long size, List<byte[]> proof) {
        long fn = leaf;
        long sn = size - 1;
        byte[] r = leafHash;
        for (byte[] p : proof) {
            if (sn == 0) {
                throw new IllegalArgumentException("the proof is too long");
            }
            if (fn % 2 == 1 || fn == sn) {
                r = sha256(new byte[] {1}, p, r);
                while (fn % 2 == 0 && fn != 0) {
                    fn /= 2;
                    sn /= 2;
                }
            } else {
                r = sha256(new byte[] {1}, r, p);
            }
            fn /= 2;
            sn /= 2;
        }
        if (sn != 0) {
            throw new IllegalArgumentException("the proof is too short");
        }
        return r;
    }

    /** Both roots that a consistency proof leads to, the older first. */
    static List<byte[]> rootsOf(long from, byte[] fromRoot, long to, List<byte[]> proof) {
        ArrayDeque<byte[]> path = new ArrayDeque<>(proof);
        if (Long.bitCount(from) == 1) {
            path.addFirst(fromRoot);
        }
        long fn = from - 1;
        long sn = to - 1;
        while (fn % 2 == 1) {
            fn /= 2;
            sn /= 2;
        }
        byte[] fr = path.removeFirst();
        byte[] sr = fr;
        for (byte[] c : path) {
            if (sn == 0) {
                throw new IllegalArgumentException("the proof is too long");
            }
            if (fn % 2 == 1 || fn == sn) {
                fr = sha256(new byte[] {1}, c, fr);
                sr = sha256(new byte[] {1}, c, sr);
                while (fn % 2 == 0 && fn != 0) {
                    fn /= 2;
                    sn /= 2;
                }
            } else {
                sr = sha256(new byte[] {1}, sr, c);
            }
            fn /= 2;
            sn /= 2;
        }
        if (sn != 0) {
            throw new IllegalArgumentException("the proof is too short");
        }
        return List.of(fr, sr);
    }

    static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
