package ledger.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Section;
import ledger.benchmarks.report.Spread;

/** How long {@code ./ledger serve} takes until it answers, and how much memory the one under load has taken. */
final class StartUp implements Workload {

    @Override
    public Section run(Bench bench) throws Exception {
        Path data = bench.data.resolve("start");
        LedgerNode.start(bench.script, data, Map.of()).close(); // the first start makes the database
        List<Double> asBuilt = seconds(bench, data);
        rehearse(bench);
        return new Section("Start", """
            From `./ledger serve` to the first 200 of `/actuator/health/readiness`, PostgreSQL included, on a database that is there, \
            while another ledger runs idle: %.1f s as built (median), and after `./ledger rehearse`. Memory is what the process of the \
            ledger under measurement, with its default heap of 512 MiB, has had resident at most so far: it has just been warmed up at \
            full load.
            """.formatted(Spread.of(asBuilt).median()))
                .with(
                        new Finding("start of standalone, s", Spread.of(seconds(bench, data)), 6, 3),
                        new Finding(
                                "resident memory of standalone, MiB", Spread.of(memory(bench.node.child())), 768, 384));
    }

    private static List<Double> seconds(Bench bench, Path data) throws IOException, InterruptedException {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < bench.plan.rounds(); i++) {
            try (LedgerNode node = LedgerNode.start(bench.script, data, Map.of())) {
                seconds.add(node.startUp().toMillis() / 1e3);
            }
        }
        return seconds;
    }

    private static void rehearse(Bench bench) throws IOException, InterruptedException {
        int code = new ProcessBuilder(bench.script.toString(), "rehearse")
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("the rehearsal failed");
        }
    }

    private static double memory(Child child) throws IOException {
        String peak = Conditions.valueIn(Path.of("/proc/" + child.process().pid() + "/status"), "VmHWM");
        return peak.equals("unknown") ? 0 : Double.parseDouble(peak.split(" ", -1)[0]) / 1024;
    }
}
