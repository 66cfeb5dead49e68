package ledger.query.seal;

import java.util.function.BiConsumer;

/** The right edge of the growing tree: the hashes of the largest complete subtrees that it consists of, one a level at most. */
final class Frontier {

    private final Hasher hasher;
    private final byte[][] edge = new byte[Long.SIZE][];
    private long size;

    Frontier(Hasher hasher) {
        this.hasher = hasher;
    }

    long size() {
        return size;
    }

    /** Adds a leaf by its hash; {@code completed} is told of every subtree to be stored that it completes. */
    void add(byte[] leaf, BiConsumer<Subtree, byte[]> completed) {
        byte[] hash = leaf;
        int level = 0;
        while ((size >> level & 1) == 1) {
            hash = hasher.node(edge[level], hash);
            level++;
            if (level >= Subtree.STORED) {
                completed.accept(new Subtree(level, size >> level), hash);
            }
        }
        edge[level] = hash;
        size++;
    }

    /** Adds a complete subtree, not larger than those that are there. */
    void add(Subtree subtree, byte[] hash) {
        edge[subtree.level()] = hash;
        size = subtree.end();
    }

    byte[] root() {
        if (size == 0) {
            return hasher.nothing();
        }
        int level = Long.numberOfTrailingZeros(size);
        byte[] root = edge[level];
        while (++level < Long.SIZE) {
            if ((size >> level & 1) == 1) {
                root = hasher.node(edge[level], root);
            }
        }
        return root;
    }
}
