package ledger.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** A ledger's seal as far as these tests need one: signs roots of lines as the formats say. */
final class Signed {

    private static final String NAME = "example.com/ledger";

    private final KeyPair pair;
    private final byte[] typed;

    Signed() {
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] encoded = pair.getPublic().getEncoded();
            typed = Arrays.copyOfRange(encoded, encoded.length - 33, encoded.length);
            typed[0] = 1;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String key() {
        return NAME + "+" + HexFormat.of().formatHex(hash()) + "+"
                + Base64.getEncoder().encodeToString(typed);
    }

    String note(List<byte[]> lines) {
        String text = NAME + "\n" + lines.size() + "\n" + Base64.getEncoder().encodeToString(root(lines)) + "\n";
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(pair.getPrivate());
            ed25519.update(text.getBytes(UTF_8));
            ByteArrayOutputStream signature = new ByteArrayOutputStream();
            signature.writeBytes(hash());
            signature.writeBytes(ed25519.sign());
            return text + "\n\u2014 " + NAME + " " + Base64.getEncoder().encodeToString(signature.toByteArray()) + "\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] leaf(byte[] line) {
        return sha256(new byte[] {0}, line);
    }

    /** RFC 6962 §2.1. */
    static byte[] root(List<byte[]> lines) {
        if (lines.size() < 2) {
            return lines.isEmpty() ? sha256() : leaf(lines.getFirst());
        }
        int half = Integer.highestOneBit(lines.size() - 1);
        return sha256(new byte[] {1}, root(lines.subList(0, half)), root(lines.subList(half, lines.size())));
    }

    private byte[] hash() {
        return Arrays.copyOf(sha256((NAME + "\n").getBytes(UTF_8), typed), 4);
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
