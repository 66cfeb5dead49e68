package ledger.query.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** Reads signed notes as c2sp.org/signed-note says, with nothing of what writes them. */
record Notes(String origin, long size, byte[] root) {

    /** The checkpoint, if this key has signed it. */
    static Notes verified(String note, String verifier) {
        int end = note.indexOf("\n\n");
        String text = note.substring(0, end + 1);
        String[] key = verifier.split("\\+", 3);
        boolean signed = note.substring(end + 2)
                .lines()
                .filter(line -> line.startsWith("\u2014 " + key[0] + " "))
                .map(line -> Base64.getDecoder().decode(line.substring(line.lastIndexOf(' ') + 1)))
                .anyMatch(signature ->
                        HexFormat.of().formatHex(signature, 0, 4).equals(key[1]) && verifies(text, signature, key[2]));
        if (!signed) {
            throw new IllegalArgumentException("not signed by " + verifier + ": " + note);
        }
        String[] lines = text.split("\n", -1);
        return new Notes(lines[0], Long.parseLong(lines[1]), Base64.getDecoder().decode(lines[2]));
    }

    private static boolean verifies(String text, byte[] signature, String key) {
        try {
            byte[] typed = Base64.getDecoder().decode(key);
            byte[] encoded = HexFormat.of()
                    .parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(typed, 1, 33));
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
            ed25519.update(text.getBytes(UTF_8));
            return typed[0] == 1 && ed25519.verify(Arrays.copyOfRange(signature, 4, signature.length));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
