package ledger.query.seal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import javax.sql.DataSource;
import ledger.query.Lines;
import ledger.query.Writing;
import ledger.query.job.Run;
import ledger.query.job.Work;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataRetrievalFailureException;
import org.springframework.stereotype.Component;

/**
 * Compares every stored event with the hash that was sealed of it, the tree of these hashes with every checkpoint, and verifies the
 * checkpoints' signatures. It writes nothing, so that one that is interrupted begins again.
 */
@Component
final class Verification implements Work {

    static final String KIND = "verification";
    static final String SUBJECT = "ledger";

    private static final int AT_ONCE = 5_000;

    /** {@code firstDifference} is the position of the first event that is not what was sealed, or the size of a checkpoint. */
    record Result(
            boolean intact,
            long events,
            @Nullable Long firstDifference,
            @Nullable String why) {}

    private final SealTables tables;
    private final DataSource database;
    private final Writing writing;

    Verification(SealTables tables, DataSource database, Writing writing) {
        this.tables = tables;
        this.database = database;
        this.writing = writing;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public boolean accepts(String subject) {
        return subject.equals(SUBJECT);
    }

    @Override
    public void run(Run run) {
        long end = Math.max(0, tables.size());
        run.expect(end, 0);
        Result result = new Comparison(end).result(run);
        writing.asProjector(() -> {
            run.finish(result);
            return result;
        });
    }

    /** One pass over all events, from the first to the last that is sealed. */
    private final class Comparison {

        private final long end;
        private final Hasher hasher = new Hasher();
        private final Frontier tree = new Frontier(hasher);
        private final Signatures signatures = new Signatures(tables.keys());
        private final Deque<Checkpoint> checkpoints = new ArrayDeque<>();

        Comparison(long end) {
            this.end = end;
        }

        Result result(Run run) {
            for (long after = 0; after < end; after += AT_ONCE) {
                long upTo = Math.min(end, after + AT_ONCE);
                byte[] sealed = tables.leavesThere(after, upTo);
                long there = after + sealed.length / Hasher.LENGTH;
                long differing = firstDifference(after, there, sealed);
                if (differing > 0) {
                    return new Result(false, end, differing, "the event is not the one that was sealed");
                }
                for (long leaf = 0; leaf < there - after; leaf++) {
                    tree.add(hash(sealed, leaf), (_, _) -> {});
                    String objection = objectionOfCheckpoint();
                    if (objection != null) {
                        return new Result(false, end, tree.size(), objection);
                    }
                }
                if (there < upTo) {
                    return new Result(false, end, there + 1, "hashes that were sealed from there on are missing");
                }
                run.advance(upTo - after);
            }
            return new Result(true, end, null, null);
        }

        private long firstDifference(long after, long upTo, byte[] sealed) {
            long[] same = {after}; // up to this position
            try (Connection connection = database.getConnection()) {
                connection.setAutoCommit(false);
                try {
                    Lines.readAll(connection, after, upTo, (position, line) -> {
                        if (position == same[0] + 1
                                && Arrays.equals(hasher.leaf(line), hash(sealed, position - after - 1))) {
                            same[0] = position;
                        }
                    });
                } finally {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
            } catch (SQLException e) {
                throw new DataRetrievalFailureException("the events cannot be read", e);
            }
            return same[0] == upTo ? 0 : same[0] + 1;
        }

        /** What is wrong with the checkpoint of this size, if there is one and anything is. */
        private @Nullable String objectionOfCheckpoint() {
            if (checkpoints.isEmpty()) {
                checkpoints.addAll(tables.after(tree.size() - 1, AT_ONCE));
            }
            Checkpoint next = checkpoints.peek();
            if (next == null || next.size() != tree.size()) {
                return null;
            }
            checkpoints.remove();
            byte[] root = tree.root();
            if (!Arrays.equals(root, next.root())
                    || !next.note().startsWith(Checkpoint.text(next.origin(), next.size(), root) + "\n")) {
                return "the checkpoint is not of these events";
            }
            return signatures.hold(next.note()) ? null : "the checkpoint is not signed by a key of this ledger";
        }

        private static byte[] hash(byte[] hashes, long index) {
            int at = (int) index * Hasher.LENGTH;
            return Arrays.copyOfRange(hashes, at, at + Hasher.LENGTH);
        }
    }
}
