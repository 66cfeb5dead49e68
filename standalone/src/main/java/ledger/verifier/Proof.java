package ledger.verifier;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A proof as the ledger answers it, verified as RFC 9162 §2.1.3.2 and §2.1.4.2 say; what it claims of roots is not looked at. */
public final class Proof {

    private static final Pattern HASHES = Pattern.compile("\"hashes\"\\s*:\\s*\\[([^\\]]*)\\]");
    private static final Pattern HASH = Pattern.compile("\\s*\"([^\"]*)\"\\s*(?:,|$)");

    private final String json;
    private final List<byte[]> path = new ArrayList<>();
    private final Hashes hashes = new Hashes();

    public Proof(String json) throws Unverifiable {
        this.json = json;
        Matcher all = HASHES.matcher(json);
        if (!all.find()) {
            throw new Unverifiable("a proof has an array of hashes");
        }
        Matcher hash = HASH.matcher(all.group(1));
        int end = 0;
        while (hash.find() && hash.start() == end) {
            path.add(Checkpoint.decode(hash.group(1)));
            end = hash.end();
        }
        if (!all.group(1).substring(end).isBlank() || path.stream().anyMatch(one -> one.length != Hashes.LENGTH)) {
            throw new Unverifiable("the hashes of a proof are those of SHA-256 in base64");
        }
    }

    public boolean isOfInclusion() {
        return json.contains("\"position\"");
    }

    /** The position of which it is a proof. */
    public long position() throws Unverifiable {
        return number("position");
    }

    /** That this line is in the ledger that was signed. */
    public void verify(byte[] line, Checkpoint signed) throws Unverifiable {
        long leaf = position() - 1;
        if (number("size") != signed.size() || leaf < 0 || leaf >= signed.size()) {
            throw new Unverifiable("the proof is not for the ledger of size " + signed.size() + " that was signed");
        }
        if (ExportLine.position(line, 0, line.length) != position()) {
            throw new Unverifiable("the event is not the one at position " + position());
        }
        long at = leaf;
        long last = signed.size() - 1;
        byte[] root = hashes.leaf(line);
        for (byte[] sibling : path) {
            require(last > 0);
            if (at % 2 == 1 || at == last) {
                root = hashes.node(sibling, root);
                while (at % 2 == 0 && at > 0) {
                    at /= 2;
                    last /= 2;
                }
            } else {
                root = hashes.node(root, sibling);
            }
            at /= 2;
            last /= 2;
        }
        require(last == 0 && Arrays.equals(root, signed.root()));
    }

    /** That the later ledger begins with the earlier one. */
    public void verify(Checkpoint earlier, Checkpoint later) throws Unverifiable {
        if (number("from") != earlier.size() || number("to") != later.size() || earlier.size() > later.size()) {
            throw new Unverifiable("the proof is not from size " + earlier.size() + " to " + later.size());
        }
        if (!earlier.origin().equals(later.origin())) {
            throw new Unverifiable("the checkpoints are of different ledgers");
        }
        if (earlier.size() == later.size()) {
            require(path.isEmpty() && Arrays.equals(earlier.root(), later.root()));
        } else if (earlier.size() == 0) {
            require(path.isEmpty() && Arrays.equals(earlier.root(), hashes.empty()));
        } else {
            extend(earlier, later);
        }
    }

    private void extend(Checkpoint earlier, Checkpoint later) throws Unverifiable {
        Deque<byte[]> rest = new ArrayDeque<>(path);
        if (Long.bitCount(earlier.size()) == 1) {
            rest.addFirst(earlier.root());
        }
        require(!rest.isEmpty());
        int whole = Long.numberOfTrailingZeros(earlier.size());
        long at = (earlier.size() - 1) >> whole;
        long last = (later.size() - 1) >> whole;
        byte[] from = rest.removeFirst();
        byte[] to = from;
        for (byte[] hash : rest) {
            require(last > 0);
            if (at % 2 == 1 || at == last) {
                from = hashes.node(hash, from);
                to = hashes.node(hash, to);
                while (at % 2 == 0 && at > 0) {
                    at /= 2;
                    last /= 2;
                }
            } else {
                to = hashes.node(to, hash);
            }
            at /= 2;
            last /= 2;
        }
        require(last == 0 && Arrays.equals(from, earlier.root()) && Arrays.equals(to, later.root()));
    }

    private long number(String field) throws Unverifiable {
        Matcher number = Pattern.compile("\"" + field + "\"\\s*:\\s*(0|[1-9][0-9]{0,17})\\s*[,}]")
                .matcher(json);
        if (!number.find()) {
            throw new Unverifiable("the proof has no " + field);
        }
        return Long.parseLong(number.group(1));
    }

    private static void require(boolean holds) throws Unverifiable {
        if (!holds) {
            throw new Unverifiable("the proof does not lead to what was signed");
        }
    }
}
