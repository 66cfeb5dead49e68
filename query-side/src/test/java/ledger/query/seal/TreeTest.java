package ledger.query.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TreeTest {

    /** The leaves and roots with which implementations of Certificate Transparency test themselves. */
    private static final List<String> LEAVES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    private static final List<String> ROOTS = List.of(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private final Hasher hasher = new Hasher();

    @Test
    void rootsAreThoseThatOthersPublished() {
        Frontier tree = new Frontier(hasher);
        assertThat(hex(tree.root())).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (int i = 0; i < LEAVES.size(); i++) {
            tree.add(hasher.leaf(HexFormat.of().parseHex(LEAVES.get(i))), (_, _) -> {});
            assertThat(hex(tree.root())).isEqualTo(ROOTS.get(i));
        }
    }

    @Test
    void everySmallTreeHasTheRootAndTheProofsOfTheDefinition() {
        for (int size = 1; size <= 70; size++) {
            for (int part = 1; part <= size; part++) {
                requireProofs(part, size);
            }
        }
    }

    @Test
    void andSoHaveSomeOfMoreLevelsThanAreStored() {
        Random random = new Random(6962);
        for (int i = 0; i < 30; i++) {
            int size = 1 + random.nextInt(3000);
            requireProofs(1 + random.nextInt(size), size);
        }
    }

    private void requireProofs(int part, int size) {
        List<byte[]> lines = lines(size);
        Map<Subtree, byte[]> complete = new HashMap<>();
        Frontier tree = new Frontier(hasher);
        lines.forEach(line -> tree.add(hasher.leaf(line), complete::put));
        byte[] root = Rfc6962.root(lines);
        assertThat(tree.root()).isEqualTo(root);

        Proofs proofs = new Proofs(subtree -> complete.computeIfAbsent(
                subtree, missing -> Rfc6962.root(lines.subList((int) missing.first(), (int) missing.end()))));
        assertThat(proofs.root(size)).isEqualTo(root);
        byte[] leaf = hasher.leaf(lines.get(part - 1));
        assertThat(proofs.leaf(part - 1)).isEqualTo(leaf);
        assertThat(Rfc6962.rootOf(leaf, part - 1, size, proofs.inclusion(part - 1, size)))
                .isEqualTo(root);
        byte[] older = Rfc6962.root(lines.subList(0, part));
        assertThat(proofs.root(part)).isEqualTo(older);
        List<byte[]> consistency = proofs.consistency(part, size);
        if (part < size) {
            assertThat(Rfc6962.rootsOf(part, older, size, consistency)).containsExactly(older, root);
        } else {
            assertThat(consistency).isEmpty();
        }
    }

    private static List<byte[]> lines(int count) {
        return new ArrayList<>(IntStream.range(0, count)
                .mapToObj(number -> ("line " + number).getBytes(UTF_8))
                .toList());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
