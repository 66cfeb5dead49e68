package ledger.query.seal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import ledger.api.Rejected;
import ledger.query.Lines;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The growing end of the tree, in the hands of the one node that seals. After a failure it is to be thrown away: the next one
 * goes on from what is stored, and that is always a checkpoint with all that belongs to it.
 */
final class Seal {

    private static final Logger LOG = LoggerFactory.getLogger(Seal.class);

    private static final String CHECKPOINT =
            "insert into seal.checkpoint (size, previous, root, note, hashes) values (?, ?, ?, ?, ?)";
    private static final String SUBTREE = "insert into seal.subtree (level, number, hash) values (?, ?, ?)";
    private static final String KEY = "insert into seal.key (verifier) values (?) on conflict do nothing";

    /** It cannot be sealed, for a reason that somebody has to look into. */
    static class Unsealable extends Exception {

        private static final long serialVersionUID = 1;

        Unsealable(String message) {
            super(message);
        }
    }

    /** What was sealed is not there any more as it was. */
    static final class Damaged extends Unsealable {

        private static final long serialVersionUID = 1;

        Damaged(String message) {
            super(message);
        }
    }

    private final Connection connection;
    private final SealTables tables;
    private final SealKeys keys;
    private final Frontier tree;
    private final Hasher hasher = new Hasher();

    private Seal(Connection connection, SealTables tables, SealKeys keys, Frontier tree) {
        this.connection = connection;
        this.tables = tables;
        this.keys = keys;
        this.tree = tree;
    }

    /** Goes on where the last one stopped, or begins; on a connection that nobody else uses. */
    static Seal resume(Connection connection, SealSettings settings) throws SQLException, Unsealable {
        SealTables tables = tables(connection);
        Checkpoint newest = tables.newest().orElse(null);
        SealKeys keys = keys(settings, newest, tables.keys());
        Frontier tree = there(() -> tables.frontier(newest == null ? 0 : newest.size()));
        Seal seal = new Seal(connection, tables, keys, tree);
        connection.setAutoCommit(false);
        seal.introduceKeys();
        if (newest == null) {
            seal.store(null, new byte[0], Map.of());
        } else if (!Arrays.equals(seal.tree.root(), newest.root())) {
            throw new Damaged("the stored tree is not the one that was signed at size " + newest.size());
        }
        seal.requireIntact();
        return seal;
    }

    static SealTables tables(Connection connection) {
        return new SealTables(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
    }

    long size() {
        return tree.size();
    }

    /** Takes in the events up to this position, and signs. */
    void extend(long upTo) throws SQLException, Unsealable {
        requireIntact();
        long previous = tree.size();
        ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        Map<Subtree, byte[]> completed = new LinkedHashMap<>();
        Lines.readAll(connection, previous, upTo, (position, line) -> {
            if (position == tree.size() + 1) { // otherwise the tree is too small at the end
                byte[] hash = hasher.leaf(line);
                hashes.writeBytes(hash);
                tree.add(hash, completed::put);
            }
        });
        if (tree.size() != upTo) {
            throw new Damaged("event " + (tree.size() + 1) + " is missing in the ledger");
        }
        store(previous, hashes.toByteArray(), completed);
        connection.commit();
    }

    private void store(@Nullable Long previous, byte[] hashes, Map<Subtree, byte[]> completed) throws SQLException {
        byte[] root = tree.root();
        try (PreparedStatement checkpoint = connection.prepareStatement(CHECKPOINT);
                PreparedStatement subtrees = connection.prepareStatement(SUBTREE)) {
            checkpoint.setLong(1, tree.size());
            checkpoint.setObject(2, previous);
            checkpoint.setBytes(3, root);
            checkpoint.setString(4, keys.sign(Checkpoint.text(keys.name(), tree.size(), root)));
            checkpoint.setBytes(5, hashes);
            checkpoint.executeUpdate();
            for (Map.Entry<Subtree, byte[]> subtree : completed.entrySet()) {
                subtrees.setInt(1, subtree.getKey().level());
                subtrees.setLong(2, subtree.getKey().number());
                subtrees.setBytes(3, subtree.getValue());
                subtrees.addBatch();
            }
            subtrees.executeBatch();
        }
    }

    private void introduceKeys() throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(KEY)) {
            for (SealKey key : keys.keys().reversed()) {
                insert.setString(1, key.verifier());
                insert.executeUpdate();
            }
        }
    }

    /** The event that was sealed last is there and what it was; were it taken away, the next one would stand in its place. */
    void requireIntact() throws SQLException, Damaged {
        long sealed = tree.size();
        if (sealed > 0) {
            byte[] leaf = there(() -> tables.leaves(sealed - 1, sealed));
            boolean[] isThere = {false};
            Lines.readAll(
                    connection, sealed - 1, sealed, (_, line) -> isThere[0] = Arrays.equals(hasher.leaf(line), leaf));
            if (!isThere[0]) {
                throw new Damaged("event " + sealed + ", which was sealed, is missing or another one");
            }
        }
        connection.commit();
    }

    /** What is no fault of a request here, as it is where somebody asks for a proof. */
    private static <T> T there(Supplier<T> sealed) throws Damaged {
        try {
            return sealed.get();
        } catch (Rejected gone) {
            throw new Damaged(gone.detail());
        }
    }

    /** Made once, with the first checkpoint. After that a key is good only in company of one that the ledger is sealed with. */
    private static SealKeys keys(SealSettings settings, @Nullable Checkpoint newest, List<String> known)
            throws Unsealable {
        if (settings.key().isBlank()) {
            throw new Unsealable("LEDGER_SEAL_KEY does not name the file with the key");
        }
        Path file = Path.of(settings.key());
        try {
            if (!Files.exists(file) && newest == null) {
                LOG.info("A key to seal the ledger with is made in {}", file);
                return SealKeys.create(file, name(settings.origin()));
            }
            SealKeys keys = SealKeys.read(file);
            requireOrigin(newest == null ? settings.origin() : newest.origin(), keys, file);
            if (!known.isEmpty() && keys.keys().stream().noneMatch(key -> known.contains(key.verifier()))) {
                throw new Unsealable("the ledger has never been sealed with any key in " + file
                        + ": a new key has to be followed by the one it takes over from");
            }
            return keys;
        } catch (IOException | IllegalArgumentException e) {
            throw new Unsealable("the key cannot be read from LEDGER_SEAL_KEY: " + e.getMessage());
        }
    }

    private static String name(String origin) {
        return origin.isBlank() ? "ledger-" + UUID.randomUUID() : origin;
    }

    private static void requireOrigin(String origin, SealKeys keys, Path file) throws Unsealable {
        if (!origin.isBlank()
                && keys.keys().stream().anyMatch(key -> !key.name().equals(origin))) {
            throw new Unsealable("the key in " + file + " is one of " + keys.name() + ", and this is " + origin);
        }
    }
}
