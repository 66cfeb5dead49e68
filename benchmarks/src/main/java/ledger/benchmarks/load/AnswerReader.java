package ledger.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads the answers on one connection as they arrive, in pieces of any size: their status, and where each ends. */
final class AnswerReader {

    private enum Part {
        STATUS,
        HEADER,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        AFTER_CHUNK,
        TRAILER
    }

    /** Of a line no more is looked at; those that matter are shorter. */
    private static final int LINE = 96;

    private static final String LENGTH = "content-length:";
    private static final String ENCODING = "transfer-encoding:";

    private final byte[] line = new byte[LINE];
    private int lineLength;
    private Part part = Part.STATUS;
    private long left;
    private boolean chunked;
    private int status;

    /** Of the last answer that was complete. */
    int status() {
        return status;
    }

    /**
     * Takes what has arrived, up to the end of an answer.
     *
     * @return where in {@code bytes} the answer ended, or -1 when there is more to come
     */
    int take(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (part == Part.BODY || part == Part.CHUNK) {
                long skipped = Math.min(left, to - at);
                left -= skipped;
                at += (int) skipped;
                if (left == 0 && part == Part.BODY) {
                    return end(at);
                }
                if (left == 0) {
                    part = Part.AFTER_CHUNK;
                }
            } else {
                byte next = bytes[at++];
                if (next != '\n') {
                    keep(next);
                } else if (endOfLine()) {
                    return end(at);
                }
            }
        }
        return -1;
    }

    private int end(int at) {
        part = Part.STATUS;
        return at;
    }

    private void keep(byte next) {
        if (lineLength < LINE && next != '\r') {
            line[lineLength++] = next;
        }
    }

    /** Whether the answer ends with this line. */
    private boolean endOfLine() {
        int length = lineLength;
        lineLength = 0;
        switch (part) {
            case STATUS -> {
                status = Integer.parseInt(text(length).substring(9, 12));
                left = 0;
                chunked = false;
                part = Part.HEADER;
            }
            case HEADER -> {
                if (length > 0) {
                    header(length);
                    return false;
                }
                part = chunked ? Part.CHUNK_SIZE : Part.BODY;
                return !chunked && left == 0;
            }
            case CHUNK_SIZE -> {
                left = Long.parseLong(text(length).split(";", 2)[0].strip(), 16);
                part = left == 0 ? Part.TRAILER : Part.CHUNK;
            }
            case AFTER_CHUNK -> part = Part.CHUNK_SIZE;
            case TRAILER -> {
                return length == 0;
            }
            case BODY, CHUNK -> throw new IllegalStateException("a body has no lines");
        }
        return false;
    }

    private void header(int length) {
        if (line[0] != 'C' && line[0] != 'c' && line[0] != 'T' && line[0] != 't') {
            return;
        }
        String header = text(length).toLowerCase(Locale.ROOT);
        if (header.startsWith(LENGTH)) {
            left = Long.parseLong(header.substring(LENGTH.length()).strip());
        } else if (header.startsWith(ENCODING)) {
            chunked = header.contains("chunked");
        }
    }

    private String text(int length) {
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
    }
}
