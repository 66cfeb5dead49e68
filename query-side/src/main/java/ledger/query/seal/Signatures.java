package ledger.query.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static ledger.query.seal.SealKey.HASH;
import static ledger.query.seal.SealKey.SIGNED_BY;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Verifies signed notes with the keys that the ledger has been sealed with (c2sp.org/signed-note). */
final class Signatures {

    /** What stands before the 32 bytes of an Ed25519 key in X.509 (RFC 8410). */
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    /** By name and hash, as a note refers to them. */
    private final Map<String, PublicKey> keys = new HashMap<>();

    /** {@code verifiers} are written {@code name+hash+base64}; one that is not a key verifies nothing, and is found by that. */
    Signatures(List<String> verifiers) {
        for (String verifier : verifiers) {
            String[] parts = verifier.split("\\+", 3);
            if (parts.length == 3) {
                key(decoded(parts[2])).ifPresent(key -> keys.put(parts[0] + "+" + parts[1], key));
            }
        }
    }

    /** Whether at least one of the keys has signed the note, and no signature of theirs is false. */
    boolean hold(String note) {
        int end = note.indexOf("\n\n");
        if (end < 0) {
            return false;
        }
        byte[] text = note.substring(0, end + 1).getBytes(UTF_8);
        int good = 0;
        for (String line : note.substring(end + 2).lines().toList()) {
            String[] words = line.startsWith(SIGNED_BY)
                    ? line.substring(SIGNED_BY.length()).split(" ", 2)
                    : new String[0];
            byte[] signature = words.length == 2 ? decoded(words[1]) : new byte[0];
            if (signature.length <= HASH) {
                return false;
            }
            PublicKey key = keys.get(words[0] + "+" + HexFormat.of().formatHex(signature, 0, HASH));
            if (key != null && !verifies(key, text, Arrays.copyOfRange(signature, HASH, signature.length))) {
                return false;
            }
            good += key == null ? 0 : 1;
        }
        return good > 0;
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            return new byte[0];
        }
    }

    private static Optional<PublicKey> key(byte[] typed) {
        if (typed.length == 0) {
            return Optional.empty();
        }
        byte[] encoded = Arrays.copyOf(X509, X509.length + typed.length - 1);
        System.arraycopy(typed, 1, encoded, X509.length, typed.length - 1);
        try {
            return Optional.of(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException _) {
            return Optional.empty();
        }
    }

    private static boolean verifies(PublicKey key, byte[] text, byte[] signature) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(key);
            ed25519.update(text);
            return ed25519.verify(signature);
        } catch (GeneralSecurityException _) {
            return false; // it has not even the form of a signature
        }
    }
}
