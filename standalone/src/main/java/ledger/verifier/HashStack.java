package ledger.verifier;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The tree as far as it is read: the roots of complete trees, from large to small, as many as the count of leaves has ones in
 * binary. Each leaf joins those that it makes whole.
 */
final class HashStack {

    private final Hashes hashes = new Hashes();
    private final Deque<byte[]> roots = new ArrayDeque<>(); // the smallest first
    private long leaves;

    void push(byte[] leaf) {
        byte[] root = leaf;
        for (long joined = leaves; joined % 2 == 1; joined /= 2) {
            root = hashes.node(roots.pop(), root);
        }
        roots.push(root);
        leaves++;
    }

    long leaves() {
        return leaves;
    }

    byte[] root() {
        if (roots.isEmpty()) {
            return hashes.empty();
        }
        Iterator<byte[]> fromSmall = roots.iterator();
        byte[] root = fromSmall.next();
        while (fromSmall.hasNext()) {
            root = hashes.node(fromSmall.next(), root);
        }
        return root;
    }
}
