package ledger.verifier;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Goes through the lines of files, one after the other, without copying them: each is a part of {@link #buffer}. */
final class LineReader implements AutoCloseable {

    private static final int START = 1 << 17;

    private final InputStream input;
    private byte[] buffer = new byte[START];
    private int start; // of the line
    private int end; // of the line, where its end of line is
    private int next; // where the next line begins
    private int filled;
    private long before; // bytes that are no longer in the buffer

    LineReader(List<Path> files) throws IOException {
        List<InputStream> inputs = new ArrayList<>();
        for (Path file : files) {
            inputs.add(Files.newInputStream(file));
        }
        this.input = new SequenceInputStream(Collections.enumeration(inputs));
    }

    /** Goes to the next line; false at the end. What follows the last end of line is a line too, unless it is nothing. */
    boolean next() throws IOException {
        start = next;
        int look = next;
        while (true) {
            while (look < filled && buffer[look] != '\n') {
                look++;
            }
            if (look < filled) {
                end = look;
                next = look + 1;
                return true;
            }
            look -= makeRoom();
            int read = input.read(buffer, filled, buffer.length - filled);
            if (read < 0) {
                end = filled;
                next = filled;
                return start < filled;
            }
            filled += read;
        }
    }

    /** Moves what is left of the current line to the front, or enlarges the buffer; answers by how much it was moved. */
    private int makeRoom() {
        int moved = start;
        if (moved > 0) {
            System.arraycopy(buffer, start, buffer, 0, filled - start);
            before += moved;
            filled -= moved;
            next = 0;
            start = 0;
        } else if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        return moved;
    }

    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    int length() {
        return end - start;
    }

    byte[] line() {
        return Arrays.copyOfRange(buffer, start, end);
    }

    /** How many bytes it has gone through. */
    long bytes() {
        return before + next;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
