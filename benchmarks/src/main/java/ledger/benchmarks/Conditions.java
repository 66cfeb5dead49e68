package ledger.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The machine and the settings, without which a figure means nothing. */
final class Conditions {

    private Conditions() {}

    static Map<String, String> of(Bench bench) throws IOException, SQLException, InterruptedException {
        Map<String, String> conditions = new LinkedHashMap<>();
        conditions.put("begun", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        conditions.put("commit", commit(bench.script.resolveSibling(".")));
        conditions.put("processor", cores() + " × " + valueIn(Path.of("/proc/cpuinfo"), "model name"));
        conditions.put("memory", valueIn(Path.of("/proc/meminfo"), "MemTotal"));
        conditions.put("others on the machine", "load average " + load() + " when it began");
        conditions.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        conditions.put("file system of the data", Files.getFileStore(bench.data).type());
        conditions.put("Java", System.getProperty("java.vm.version"));
        conditions.put(
                "rounds",
                bench.plan.rounds() + " of " + bench.plan.time().toSeconds() + " s, " + bench.plan.connections()
                        + " connections");
        bench.postgres.settings().forEach((name, value) -> conditions.put("PostgreSQL " + name, value));
        conditions.put("yardstick", bench.yardstick(1).name().replaceAll(",.*", ""));
        return conditions;
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static String load() throws IOException {
        Path file = Path.of("/proc/loadavg");
        return Files.exists(file) ? Files.readString(file).split(" ", -1)[0] : "unknown";
    }

    /** Of the first line with that name; there may be no such file on other systems. */
    static String valueIn(Path file, String name) throws IOException {
        if (!Files.exists(file)) {
            return "unknown";
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown");
        }
    }

    private static String commit(Path directory) throws IOException, InterruptedException {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty")
                    .directory(directory.toFile())
                    .start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 ? said : "unknown";
        } catch (IOException e) {
            return "unknown"; // there is no git
        }
    }
}
