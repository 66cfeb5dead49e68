package ledger.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Where the ledger spends its time under each kind of command. */
final class Profiles {

    private static final Duration TIME = Duration.ofSeconds(15);

    private Profiles() {}

    static String of(Bench bench, Path directory) throws Exception {
        StringBuilder all = new StringBuilder();
        Child ledger = bench.node.child();
        for (HttpLoad load : List.of(
                bench.warm("subscribe", ledger, bench.shop.subscribe()),
                bench.warm("quantity", ledger, bench.shop.changeQuantity(Bench.POOL)))) {
            Profile recording = Profile.start(ledger.process(), directory.resolve(load.name() + ".jfr"));
            load.run(TIME);
            all.append("\n## ").append(load.name()).append("\n").append(recording.stop());
        }
        return all.toString();
    }
}
