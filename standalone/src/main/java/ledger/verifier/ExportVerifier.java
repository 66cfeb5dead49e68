package ledger.verifier;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import ledger.verifier.Verdict.Differs;
import ledger.verifier.Verdict.Intact;
import org.jspecify.annotations.Nullable;

/**
 * Compares an export, from position 1 on, with checkpoints. It is read once if it is intact; if it is not, again to find out where:
 * between two checkpoints, or exactly there, where the hashes that were sealed are at hand or the line shows it itself.
 */
public final class ExportVerifier {

    private static final long REPORTED = 4096;

    /** Told now and then how many bytes and events are done. */
    public interface Progress {
        void at(long bytes, long events);
    }

    private final List<Checkpoint> checkpoints;
    private final Progress progress;

    /** {@code checkpoints} from small to large. */
    public ExportVerifier(List<Checkpoint> checkpoints, Progress progress) {
        this.checkpoints = checkpoints;
        this.progress = progress;
    }

    /** Of an export in one or several parts; {@code hashes} is an export of the hashes alone, as it was sealed. */
    public Verdict verify(List<Path> export, @Nullable Path hashes) throws IOException {
        Checkpoint differing;
        long agreed;
        try (LineReader lines = new LineReader(export)) {
            Reading reading = new Reading(lines);
            Verdict verdict = reading.verdict();
            if (verdict != null) {
                return verdict;
            }
            agreed = reading.agreed;
            differing = checkpoints.get(reading.reached);
        }
        Differs exact = hashes == null ? null : byHashes(export, hashes, differing);
        Differs shown = exact == null ? byForm(export, agreed, differing.size()) : exact;
        return shown == null
                ? new Differs(
                        agreed + 1, differing.size(), "what was signed at " + differing.size() + " was something else")
                : shown;
    }

    /** The first reading: the tree grows with the lines and is compared at the size of each checkpoint. */
    private final class Reading {

        private final LineReader lines;
        private final HashStack tree = new HashStack();
        private final Hashes hashes = new Hashes();
        private final StreamVersions versions = new StreamVersions();
        private @Nullable Differs gap; // the first one
        private long asHashes;
        private long agreed;
        private int reached; // of the checkpoints

        Reading(LineReader lines) {
            this.lines = lines;
        }

        /** Null if the root at checkpoint {@code reached} is another one. */
        @Nullable
        Verdict verdict() throws IOException {
            if (!agrees()) {
                return null;
            }
            while (lines.next()) {
                long expected = tree.leaves() + 1;
                long position = ExportLine.position(lines.buffer(), lines.start(), lines.length());
                if (position != expected) {
                    return Differs.at(
                            expected,
                            position < 0
                                    ? "line " + expected + " is not an event"
                                    : "line " + expected + " is position " + position);
                }
                if (ExportLine.isHash(lines.buffer(), lines.start(), lines.length())) {
                    asHashes++;
                } else if (gap == null) {
                    gap = gapBefore(expected);
                }
                tree.push(ExportLine.leaf(lines.buffer(), lines.start(), lines.length(), hashes));
                if (!agrees()) {
                    return null;
                }
                if (expected % REPORTED == 0) {
                    progress.at(lines.bytes(), expected);
                }
            }
            progress.at(lines.bytes(), tree.leaves());
            long sealed = checkpoints.getLast().size();
            if (tree.leaves() < sealed) {
                return Differs.at(tree.leaves() + 1, "it is missing, and what follows up to " + sealed);
            }
            return gap == null ? new Intact(tree.leaves(), asHashes, sealed) : gap;
        }

        private @Nullable Differs gapBefore(long position) {
            long missing = versions.missingBefore(lines.buffer(), lines.start(), lines.length());
            return missing == 0
                    ? null
                    : Differs.at(
                            position,
                            "its stream has " + missing
                                    + " events before it that are not shown as such: they stand there as hashes");
        }

        private boolean agrees() {
            while (reached < checkpoints.size() && checkpoints.get(reached).size() == tree.leaves()) {
                if (!Arrays.equals(tree.root(), checkpoints.get(reached).root())) {
                    return false;
                }
                agreed = tree.leaves();
                reached++;
            }
            return true;
        }
    }

    /** The first line that is not the one that was sealed; null if the hashes themselves are not what was signed. */
    private static @Nullable Differs byHashes(List<Path> export, Path hashes, Checkpoint signed) throws IOException {
        try (LineReader lines = new LineReader(export);
                LineReader sealed = new LineReader(List.of(hashes))) {
            HashStack tree = new HashStack();
            Hashes hasher = new Hashes();
            long first = 0;
            while (tree.leaves() < signed.size() && lines.next() && sealed.next()) {
                byte[] here = ExportLine.leaf(lines.buffer(), lines.start(), lines.length(), hasher);
                byte[] then = ExportLine.leaf(sealed.buffer(), sealed.start(), sealed.length(), hasher);
                tree.push(then);
                if (first == 0 && !Arrays.equals(here, then)) {
                    first = tree.leaves();
                }
            }
            boolean isSigned = tree.leaves() == signed.size() && Arrays.equals(tree.root(), signed.root());
            return isSigned && first > 0 ? Differs.at(first, "its line is not the one that was sealed") : null;
        }
    }

    private static @Nullable Differs byForm(List<Path> export, long agreed, long end) throws IOException {
        try (LineReader lines = new LineReader(export)) {
            EventForm form = new EventForm();
            for (long position = 1; position <= end && lines.next(); position++) {
                boolean isHash = ExportLine.isHash(lines.buffer(), lines.start(), lines.length());
                String trouble = isHash ? null : form.trouble(lines.line());
                if (trouble != null && position > agreed) {
                    return Differs.at(position, trouble);
                }
            }
            return null;
        }
    }
}
