package ledger.verifier;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What a line of an export says of itself at its beginning: its position; and whether it is a hash in the place of an event. */
final class ExportLine {

    private static final byte[] POSITION = "{\"position\":".getBytes(US_ASCII);
    private static final byte[] LEAF_HASH = ",\"leafHash\":\"".getBytes(US_ASCII);
    private static final byte[] END = "\"}".getBytes(US_ASCII);
    private static final int HASH_LENGTH = 44; // 32 bytes in base64
    private static final int LONGEST_HASH = 100;
    private static final int LONGEST = 18; // digits of a position

    private ExportLine() {}

    /** -1 if it does not begin with one. */
    static long position(byte[] buffer, int start, int length) {
        int at = start + POSITION.length;
        int end = digits(buffer, start, length);
        if (end == at || end - at > LONGEST || buffer[at] == '0') {
            return -1;
        }
        long position = 0;
        while (at < end) {
            position = 10 * position + buffer[at++] - '0';
        }
        return position;
    }

    /** Where the digits of the position end, and a comma follows; where they begin if something else is there. */
    private static int digits(byte[] buffer, int start, int length) {
        int first = start + POSITION.length;
        if (!startsWith(buffer, start, length, POSITION)) {
            return first;
        }
        int at = first;
        while (at < start + length && buffer[at] >= '0' && buffer[at] <= '9') {
            at++;
        }
        return at < start + length && buffer[at] == ',' ? at : first;
    }

    /** The leaf's hash: that of the line, or that which stands there in its place. */
    static byte[] leaf(byte[] buffer, int start, int length, Hashes hashes) {
        byte[] given = given(buffer, start, length);
        return given == null ? hashes.leaf(buffer, start, length) : given;
    }

    static boolean isHash(byte[] buffer, int start, int length) {
        return given(buffer, start, length) != null;
    }

    private static byte @Nullable [] given(byte[] buffer, int start, int length) {
        int label = start + length - END.length - HASH_LENGTH - LEAF_HASH.length;
        if (length > LONGEST_HASH || label <= start || digits(buffer, start, length) != label) {
            return null;
        }
        int at = label + LEAF_HASH.length;
        byte[] base64 = Arrays.copyOfRange(buffer, at, at + HASH_LENGTH);
        try {
            byte[] hash = Base64.getDecoder().decode(base64);
            boolean isOnlyThat = startsWith(buffer, label, LEAF_HASH.length, LEAF_HASH)
                    && startsWith(buffer, at + HASH_LENGTH, END.length, END)
                    && hash.length == Hashes.LENGTH
                    && Arrays.equals(Base64.getEncoder().encode(hash), base64);
            return isOnlyThat ? hash : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static boolean startsWith(byte[] buffer, int start, int length, byte[] prefix) {
        return length >= prefix.length && Arrays.equals(buffer, start, start + prefix.length, prefix, 0, prefix.length);
    }
}
