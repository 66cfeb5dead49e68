package ledger.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** A key as signed notes write it: {@code name+hash+base64}, of Ed25519. */
public final class VerificationKey {

    private static final byte ED25519 = 0x01;
    private static final int KEY_LENGTH = 32;
    private static final int HASH_LENGTH = 4;

    /** What stands before the 32 bytes of an Ed25519 key in X.509 (RFC 8410). */
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String name;
    private final byte[] hash;
    private final PublicKey key;

    private VerificationKey(String name, byte[] hash, PublicKey key) {
        this.name = name;
        this.hash = hash;
        this.key = key;
    }

    /** The keys in a text, one a line. */
    public static List<VerificationKey> all(String text) throws Unverifiable {
        List<VerificationKey> keys = new ArrayList<>();
        for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
            keys.add(of(line.strip()));
        }
        if (keys.isEmpty()) {
            throw new Unverifiable("there is no verification key");
        }
        return keys;
    }

    public static VerificationKey of(String text) throws Unverifiable {
        String[] parts = text.split("\\+", 3);
        try {
            byte[] typed = Base64.getDecoder().decode(parts.length == 3 ? parts[2] : "");
            if (typed.length != 1 + KEY_LENGTH || typed[0] != ED25519 || parts[0].isEmpty()) {
                throw new Unverifiable("a verification key is name+hash+base64 of an Ed25519 key, and not " + text);
            }
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update((parts[0] + "\n").getBytes(UTF_8));
            byte[] hash = Arrays.copyOf(sha256.digest(typed), HASH_LENGTH);
            if (!HexFormat.of().formatHex(hash).equals(parts[1])) {
                throw new Unverifiable("the verification key " + text + " has the hash of another one");
            }
            byte[] encoded = Arrays.copyOf(X509, X509.length + KEY_LENGTH);
            System.arraycopy(typed, 1, encoded, X509.length, KEY_LENGTH);
            return new VerificationKey(
                    parts[0], hash, KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Unverifiable("the verification key " + text + " cannot be read: " + e.getMessage());
        }
    }

    /** Whether a signature says that it is of this key. */
    boolean claims(String signer, byte[] signature) {
        return signer.equals(name) && Arrays.equals(hash, Arrays.copyOf(signature, HASH_LENGTH));
    }

    boolean verifies(String text, byte[] signature) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(key);
            ed25519.update(text.getBytes(UTF_8));
            return ed25519.verify(signature, HASH_LENGTH, signature.length - HASH_LENGTH);
        } catch (GeneralSecurityException _) {
            return false; // it has not even the form of a signature
        }
    }
}
