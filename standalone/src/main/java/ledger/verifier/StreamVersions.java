package ledger.verifier;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Looks for events that are missing in their streams: versions of a stream are 0, 1, 2 …, so that an event that was withheld, or stands
 * there as the hash of somebody else's, leaves a gap before the next one of its stream. Takes 24 bytes for each stream, and the room that a
 * table of them needs.
 */
final class StreamVersions {

    private static final byte[] TENANT = ",\"tenant\":\"".getBytes(US_ASCII);
    private static final byte[] STREAM_TYPE = "\",\"streamType\":\"".getBytes(US_ASCII);
    private static final byte[] STREAM_ID = "\",\"streamId\":\"".getBytes(US_ASCII);
    private static final byte[] VERSION = "\",\"version\":".getBytes(US_ASCII);
    private static final int UUID_LENGTH = 36;

    private long[] high = new long[1 << 10];
    private long[] low = new long[high.length];
    private long[] next = new long[high.length]; // 0 where there is no stream
    private int streams;

    /** How many versions are missing before the event on this line; 0 also where it is no event. */
    long missingBefore(byte[] buffer, int start, int length) {
        int end = start + length;
        int at = after(buffer, start, end, TENANT);
        at = at < 0 ? -1 : after(buffer, at, end, STREAM_TYPE);
        at = at < 0 ? -1 : after(buffer, at, end, STREAM_ID);
        if (at < 0 || at + UUID_LENGTH > end) {
            return 0;
        }
        int version = after(buffer, at + UUID_LENGTH, end, VERSION);
        return version == at + UUID_LENGTH + VERSION.length
                ? follow(hex(buffer, at, 18), hex(buffer, at + 19, 17), number(buffer, version, end))
                : 0;
    }

    private long follow(long streamHigh, long streamLow, long version) {
        int place = place(streamHigh, streamLow);
        long expected = next[place];
        if (expected == 0) {
            high[place] = streamHigh;
            low[place] = streamLow;
            streams++;
        }
        next[place] = version + 1;
        if (2 * streams > next.length) {
            grow();
        }
        return Math.max(0, version - expected);
    }

    private int place(long streamHigh, long streamLow) {
        int place = (int) ((streamHigh ^ streamLow) * 0x9E3779B97F4A7C15L >>> 32) & next.length - 1;
        while (next[place] != 0 && (high[place] != streamHigh || low[place] != streamLow)) {
            place = place + 1 & next.length - 1;
        }
        return place;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        long[] oldNext = next;
        high = new long[2 * oldHigh.length];
        low = new long[high.length];
        next = new long[high.length];
        for (int i = 0; i < oldNext.length; i++) {
            if (oldNext[i] != 0) {
                int place = place(oldHigh[i], oldLow[i]);
                high[place] = oldHigh[i];
                low[place] = oldLow[i];
                next[place] = oldNext[i];
            }
        }
    }

    /** Where the text that comes next ends; what lies before it is skipped, up to its first character. */
    private static int after(byte[] buffer, int from, int end, byte[] text) {
        int at = from;
        while (at < end && buffer[at] != text[0]) {
            at++;
        }
        int behind = at + text.length;
        return behind <= end && Arrays.equals(buffer, at, behind, text, 0, text.length) ? behind : -1;
    }

    private static long hex(byte[] buffer, int from, int length) {
        long value = 0;
        for (int i = from; i < from + length; i++) {
            int digit = Character.digit(buffer[i], 16);
            value = digit < 0 ? value : value << 4 | digit; // hyphens
        }
        return value;
    }

    private static long number(byte[] buffer, int from, int end) {
        long number = 0;
        for (int i = from; i < end && i < from + 18 && buffer[i] >= '0' && buffer[i] <= '9'; i++) {
            number = 10 * number + buffer[i] - '0';
        }
        return number;
    }
}
