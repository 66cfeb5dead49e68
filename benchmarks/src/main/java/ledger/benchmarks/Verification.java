package ledger.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Section;
import ledger.benchmarks.report.Spread;

/** How long it takes to verify an export, offline. */
final class Verification implements Workload {

    private static final String NAME = "verify";
    private static final double MILLION = 1e6;

    private record Verify(Path script, Path export, Path key, long events) implements Contender {

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Run run(Duration time) throws Exception {
            long begin = System.nanoTime();
            command(script.toString(), "verify", export.toString(), "--key", key.toString());
            return new Run(events / ((System.nanoTime() - begin) / 1e9), events, Contender.histogram());
        }
    }

    @Override
    public Section run(Bench bench) throws Exception {
        Path export = bench.data.resolve("export.ndjson");
        Path key = bench.data.resolve("export.key");
        Path secret = bench.node.data().resolve("admin-client.json");
        String script = bench.script.toString();
        command(
                script,
                "export",
                export.toString(),
                "--url",
                bench.node.child().url(),
                "--admin-client",
                secret.toString());
        String auditor = bench.node.api().tokens("auditor", "default", 1).getFirst();
        Files.writeString(key, bench.node.api().text("/v1/ledger/key", auditor));
        long events = lines(export);
        Comparison rates = bench.compare(NAME, List.of(new Verify(bench.script, export, key, events)));
        Spread perSecond = rates.rate(NAME);
        return new Section("Offline verification", """
            `./ledger verify` of an export of %,d events against the newest checkpoint, the start of Java included. What is not the \
            default tenant's is in it as hashes.
            """.formatted(events))
                .with(rates)
                .with(new Finding(
                        "offline verification of 1 M events, s",
                        new Spread(
                                MILLION / perSecond.greatest(),
                                MILLION / perSecond.median(),
                                MILLION / perSecond.least()),
                        10,
                        3));
    }

    private static long lines(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.count();
        }
    }

    private static void command(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", words) + "\n" + said);
        }
    }
}
