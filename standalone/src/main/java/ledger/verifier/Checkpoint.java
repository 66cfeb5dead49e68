package ledger.verifier;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/** What somebody with a trusted key has signed: that the ledger had so many events, and this root. */
public record Checkpoint(String origin, long size, byte[] root) {

    private static final String SIGNATURE = "\u2014 ";

    /**
     * The checkpoints in a text, from small to large; several with an empty line between them. Each has to be signed by one of the
     * keys, and no signature of one of them may be false; signatures of others are passed over.
     */
    public static List<Checkpoint> all(String text, List<VerificationKey> keys) throws Unverifiable {
        List<Checkpoint> all = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf("\n\n", start) + 1;
            if (end == 0) {
                throw new Unverifiable("a checkpoint is a text, an empty line, and signatures");
            }
            String body = text.substring(start, end);
            int next = end + 1;
            List<String> signatures = new ArrayList<>();
            while (text.startsWith(SIGNATURE, next)) {
                int line = text.indexOf('\n', next);
                if (line < 0) {
                    throw new Unverifiable("a checkpoint is cut off");
                }
                signatures.add(text.substring(next + SIGNATURE.length(), line));
                next = line + 1;
            }
            requireSigned(body, signatures, keys);
            all.add(parse(body));
            start = text.startsWith("\n", next) ? next + 1 : next;
        }
        if (all.isEmpty()) {
            throw new Unverifiable("there is no checkpoint");
        }
        all.sort(Comparator.comparingLong(Checkpoint::size));
        return all;
    }

    private static void requireSigned(String body, List<String> signatures, List<VerificationKey> keys)
            throws Unverifiable {
        boolean signed = false;
        for (String line : signatures) {
            int space = line.indexOf(' ');
            byte[] signature = decode(line.substring(space + 1));
            if (space < 1 || signature.length < 5) {
                throw new Unverifiable("a line of a checkpoint is no signature: " + line);
            }
            String signer = line.substring(0, space);
            for (VerificationKey key : keys) {
                if (key.claims(signer, signature)) {
                    if (!key.verifies(body, signature)) {
                        throw new Unverifiable("the signature of " + signer + " is false: the checkpoint was altered");
                    }
                    signed = true;
                }
            }
        }
        if (!signed) {
            throw new Unverifiable("a checkpoint is not signed by a key that was given");
        }
    }

    private static Checkpoint parse(String body) throws Unverifiable {
        String[] lines = body.split("\n", -1);
        if (lines.length < 4 || lines[0].isEmpty() || !lines[1].matches("0|[1-9][0-9]{0,17}")) {
            throw new Unverifiable("a checkpoint has an origin, a size and a root");
        }
        byte[] root = decode(lines[2]);
        if (root.length != Hashes.LENGTH) {
            throw new Unverifiable("the root of a checkpoint is no SHA-256");
        }
        return new Checkpoint(lines[0], Long.parseLong(lines[1]), root);
    }

    /** Base64 that is written in the one way there is: otherwise some changes of it would change nothing. */
    static byte[] decode(String base64) throws Unverifiable {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (Base64.getEncoder().encodeToString(bytes).equals(base64)) {
                return bytes;
            }
        } catch (IllegalArgumentException _) {
            // told below
        }
        throw new Unverifiable("not base64: " + base64);
    }
}
