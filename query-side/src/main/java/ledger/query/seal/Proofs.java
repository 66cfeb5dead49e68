package ledger.query.seal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Roots and proofs as RFC 6962 §2.1 defines them, made from the hashes of complete subtrees. Leaves are counted from 0. */
final class Proofs {

    private final Function<Subtree, byte[]> hashes;
    private final Hasher hasher = new Hasher();

    Proofs(Function<Subtree, byte[]> hashes) {
        this.hashes = hashes;
    }

    byte[] root(long size) {
        return size == 0 ? hasher.nothing() : hash(0, size);
    }

    byte[] leaf(long leaf) {
        return hashes.apply(new Subtree(0, leaf));
    }

    /** What leads from a leaf to the root of the tree of this size: the siblings on the way, lowest first. */
    List<byte[]> inclusion(long leaf, long size) {
        List<byte[]> path = new ArrayList<>();
        include(leaf, 0, size, path);
        return path;
    }

    private void include(long leaf, long first, long end, List<byte[]> path) {
        if (end - first == 1) {
            return;
        }
        long middle = middle(first, end);
        if (leaf < middle) {
            include(leaf, first, middle, path);
            path.add(hash(middle, end));
        } else {
            include(leaf, middle, end, path);
            path.add(hash(first, middle));
        }
    }

    /** What shows that the tree of size {@code to} begins with that of size {@code from}; nothing where that needs no proof. */
    List<byte[]> consistency(long from, long to) {
        List<byte[]> proof = new ArrayList<>();
        if (from > 0) {
            extend(from, 0, to, true, proof);
        }
        return proof;
    }

    private void extend(long from, long first, long end, boolean known, List<byte[]> proof) {
        if (from == end) {
            if (!known) {
                proof.add(hash(first, end));
            }
            return;
        }
        long middle = middle(first, end);
        if (from <= middle) {
            extend(from, first, middle, known, proof);
            proof.add(hash(middle, end));
        } else {
            extend(from, middle, end, false, proof);
            proof.add(hash(first, middle));
        }
    }

    private byte[] hash(long first, long end) {
        long count = end - first;
        if (Long.bitCount(count) == 1) {
            int level = Long.numberOfTrailingZeros(count);
            return hashes.apply(new Subtree(level, first >> level));
        }
        long middle = middle(first, end);
        return hasher.node(hash(first, middle), hash(middle, end));
    }

    /** The left part is the largest complete tree that leaves something for the right. */
    private static long middle(long first, long end) {
        return first + Long.highestOneBit(end - first - 1);
    }
}
