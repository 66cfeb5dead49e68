package ledger.query.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** An Ed25519 key that signs notes, named and written as c2sp.org/signed-note and Go's sumdb/note have it. */
final class SealKey {

    private static final String SECRET = "PRIVATE+KEY+";
    private static final byte ED25519 = 1;

    /** What a line of a note begins with that is a signature. */
    static final String SIGNED_BY = "\u2014 ";

    /** How many bytes of a key's hash stand before a signature. */
    static final int HASH = 4;

    private static final int SEED = 32;

    private final String name;
    private final byte[] seed;
    private final byte[] publicKey;
    private final PrivateKey key;

    private SealKey(String name, byte[] seed) {
        if (name.isEmpty() || name.contains("+") || name.codePoints().anyMatch(SealKey::isSpace)) {
            throw new IllegalArgumentException("the name of a key has no spaces and no '+', and is not empty");
        }
        this.name = name;
        this.seed = seed;
        KeyPair pair = pair(seed);
        this.key = pair.getPrivate();
        byte[] encoded = pair.getPublic().getEncoded(); // ends with the key itself
        this.publicKey = Arrays.copyOfRange(encoded, encoded.length - SEED, encoded.length);
    }

    static SealKey generate(String name) {
        byte[] seed = new byte[SEED];
        new SecureRandom().nextBytes(seed);
        return new SealKey(name, seed);
    }

    /** Reads what {@link #secret} wrote, or Go's note package; {@link IllegalArgumentException} if it is something else. */
    static SealKey parse(String secret) {
        String[] parts = secret.split("\\+", 5);
        if (!secret.startsWith(SECRET) || parts.length != 5) {
            throw new IllegalArgumentException("it does not begin with " + SECRET + "name+hash+");
        }
        byte[] typed = Base64.getDecoder().decode(parts[4]);
        if (typed.length != 1 + SEED || typed[0] != ED25519) {
            throw new IllegalArgumentException("it is not an Ed25519 key");
        }
        SealKey key = new SealKey(parts[2], Arrays.copyOfRange(typed, 1, typed.length));
        if (!HexFormat.of().formatHex(key.hash()).equals(parts[3])) {
            throw new IllegalArgumentException("its hash is that of another key");
        }
        return key;
    }

    String name() {
        return name;
    }

    /** Not to be shown to anybody. */
    String secret() {
        return SECRET + identity() + typed(seed);
    }

    /** What others verify signatures with. */
    String verifier() {
        return identity() + typed(publicKey);
    }

    /** The line that signs this text, which ends with its last line's end. */
    String sign(String text) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(key);
            ed25519.update(text.getBytes(UTF_8));
            ByteArrayOutputStream signature = new ByteArrayOutputStream();
            signature.writeBytes(hash());
            signature.writeBytes(ed25519.sign());
            return SIGNED_BY + name + " " + Base64.getEncoder().encodeToString(signature.toByteArray()) + "\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 signs everything", e);
        }
    }

    private String identity() {
        return name + "+" + HexFormat.of().formatHex(hash()) + "+";
    }

    private byte[] hash() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update((name + "\n").getBytes(UTF_8));
            sha256.update(ED25519);
            return Arrays.copyOf(sha256.digest(publicKey), HASH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String typed(byte[] key) {
        byte[] typed = new byte[1 + key.length];
        typed[0] = ED25519;
        System.arraycopy(key, 0, typed, 1, key.length);
        return Base64.getEncoder().encodeToString(typed);
    }

    private static boolean isSpace(int character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character) || character < ' ';
    }

    /** The JDK makes public keys only together with private ones: so it is given the seed as the random number it asks for. */
    private static KeyPair pair(byte[] seed) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
                private static final long serialVersionUID = 1;

                @Override
                public void nextBytes(byte[] bytes) {
                    System.arraycopy(seed, 0, bytes, 0, bytes.length);
                }
            });
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
        }
    }

    @Override
    public String toString() {
        return verifier();
    }
}
