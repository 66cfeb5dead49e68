package ledger.query.seal;

import static java.util.stream.Collectors.groupingBy;

import java.io.ByteArrayOutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import ledger.api.Problem;
import ledger.api.Rejected;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what is sealed. */
final class SealTables {

    private static final int BLOCK = 1 << Subtree.STORED;

    private static final String CHECKPOINTS = "select size, root, note, sealed_at from seal.checkpoint ";

    private static final String LEAVES = """
            select greatest(previous, :after), substring(hashes from (32 * (greatest(previous, :after) - previous) + 1)::int
                for (32 * (least(size, :upTo) - greatest(previous, :after)))::int)
            from seal.checkpoint
            where previous >= (select coalesce(max(previous), 0) from seal.checkpoint where previous <= :after)
              and previous < :upTo and size > :after
            order by previous
            """;

    /** In the place of a hash that is yet to be read. */
    private static final byte[] UNKNOWN = new byte[Hasher.LENGTH];

    private final JdbcClient database;

    SealTables(JdbcClient database) {
        this.database = database;
    }

    Optional<Checkpoint> newest() {
        return database.sql(CHECKPOINTS + "order by size desc limit 1")
                .query((row, _) -> checkpoint(row))
                .optional();
    }

    List<Checkpoint> after(long size, int limit) {
        return database.sql(CHECKPOINTS + "where size > ? order by size limit ?")
                .params(size, limit)
                .query((row, _) -> checkpoint(row))
                .list();
    }

    /** How many leaves the tree has; -1 before it is begun. */
    long size() {
        return database.sql("select coalesce(max(size), -1) from seal.checkpoint")
                .query(Long.class)
                .single();
    }

    /** The verification keys, that of the newest checkpoint first. */
    List<String> keys() {
        return database.sql("select verifier from seal.key order by since desc, verifier")
                .query((row, _) -> String.valueOf(row.getString(1)))
                .list();
    }

    /**
     * The hashes of the leaves after the first {@code after}, up to number {@code upTo}, one after the other.
     *
     * @throws ledger.api.Rejected {@code seal-damaged} where any of them is missing
     */
    byte[] leaves(long after, long upTo) {
        byte[] hashes = leavesThere(after, upTo);
        if (hashes.length != Hasher.LENGTH * (upTo - after)) {
            throw damaged(after + hashes.length / Hasher.LENGTH + 1);
        }
        return hashes;
    }

    /** The same, up to the first one that is missing. */
    byte[] leavesThere(long after, long upTo) {
        ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        database.sql(LEAVES).param("after", after).param("upTo", upTo).query(row -> {
            if (row.getLong(1) == after + hashes.size() / Hasher.LENGTH) {
                hashes.writeBytes(row.getBytes(2));
            }
        });
        return hashes.toByteArray();
    }

    private static Rejected damaged(long leaf) {
        return Problem.SEAL_DAMAGED.because("what was sealed of event " + leaf + " is missing");
    }

    /** Answers a question about the tree; asks it twice: first to find out which hashes it needs, to read them all at once. */
    <T> T prove(Function<Proofs, T> question) {
        Map<Subtree, byte[]> hashes = new HashMap<>();
        T _ = question.apply(new Proofs(subtree -> {
            hashes.put(subtree, UNKNOWN);
            return UNKNOWN;
        }));
        read(hashes);
        return question.apply(new Proofs(subtree -> hashes.getOrDefault(subtree, UNKNOWN)));
    }

    /** The right edge of the tree, on which it grows. */
    Frontier frontier(long size) {
        Map<Subtree, byte[]> edge = new HashMap<>();
        List<Subtree> subtrees = IntStream.iterate(Long.SIZE - 2, level -> level - 1)
                .limit(Long.SIZE - 1)
                .filter(level -> (size >> level & 1) == 1)
                .mapToObj(level -> new Subtree(level, (size >> level) - 1))
                .toList();
        subtrees.forEach(subtree -> edge.put(subtree, UNKNOWN));
        read(edge);
        Frontier frontier = new Frontier(new Hasher());
        subtrees.forEach(subtree -> frontier.add(subtree, edge.getOrDefault(subtree, UNKNOWN)));
        return frontier;
    }

    private void read(Map<Subtree, byte[]> hashes) {
        List<Subtree> stored =
                hashes.keySet().stream().filter(Subtree::isStored).toList();
        if (!stored.isEmpty()) {
            readStored(stored, hashes);
        }
        hashes.keySet().stream()
                .filter(subtree -> !subtree.isStored())
                .collect(groupingBy(subtree -> subtree.first() / BLOCK))
                .forEach((block, small) -> make(block, small, hashes));
    }

    private void readStored(Collection<Subtree> stored, Map<Subtree, byte[]> hashes) {
        database.sql("select level, number, hash from seal.subtree natural join "
                        + "unnest(:levels::smallint[], :numbers::bigint[]) wanted (level, number)")
                .param("levels", stored.stream().map(Subtree::level).toArray(Integer[]::new))
                .param("numbers", stored.stream().map(Subtree::number).toArray(Long[]::new))
                .query(row -> {
                    hashes.put(new Subtree(row.getInt("level"), row.getLong("number")), row.getBytes("hash"));
                });
        stored.stream()
                .filter(subtree -> isUnknown(hashes.get(subtree)))
                .findAny()
                .ifPresent(missing -> {
                    throw damaged(missing.first() + 1);
                });
    }

    /** The small subtrees within one block of leaves. */
    private void make(long block, List<Subtree> wanted, Map<Subtree, byte[]> hashes) {
        long first = block * BLOCK;
        byte[] leaves =
                leaves(first, wanted.stream().mapToLong(Subtree::end).max().orElseThrow());
        Hasher hasher = new Hasher();
        for (Subtree subtree : wanted) {
            Frontier part = new Frontier(hasher);
            for (long leaf = subtree.first(); leaf < subtree.end(); leaf++) {
                int at = (int) (leaf - first) * Hasher.LENGTH;
                part.add(Arrays.copyOfRange(leaves, at, at + Hasher.LENGTH), (_, _) -> {});
            }
            hashes.put(subtree, part.root());
        }
    }

    @SuppressWarnings("ReferenceEquality") // it is that very one, not a hash of zeros
    private static boolean isUnknown(byte @Nullable [] hash) {
        return hash == UNKNOWN;
    }

    private static Checkpoint checkpoint(ResultSet row) throws SQLException {
        return new Checkpoint(
                row.getLong("size"),
                row.getBytes("root"),
                row.getString("note"),
                row.getObject("sealed_at", OffsetDateTime.class).toInstant());
    }
}
