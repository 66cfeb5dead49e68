package ledger.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import ledger.benchmarks.Bench.Plan;
import ledger.benchmarks.report.Report;
import ledger.benchmarks.report.Section;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The one command. */
@Command(
        name = "benchmarks/run",
        description =
                "Measure the ledger beside what it is compared to, on one durable PostgreSQL, and write a report.",
        mixinStandardHelpOptions = true)
final class Benchmarks implements Callable<Integer> {

    private static final Path HOME =
            Path.of(System.getProperty("ledger.home", ".")).toAbsolutePath().normalize();

    private static final Map<String, Workload> WORKLOADS = new LinkedHashMap<>();

    static {
        WORKLOADS.put("start", new StartUp());
        WORKLOADS.put("commands", new CommandRates());
        WORKLOADS.put("sweep", new Sweep());
        WORKLOADS.put("queries", new Queries());
        WORKLOADS.put("half-load", new HalfLoad());
        WORKLOADS.put("freshness", new Freshness());
        WORKLOADS.put("deadlines", new Lateness());
        WORKLOADS.put("renewals", new Renewals());
        WORKLOADS.put("long-lives", new LongLives());
        WORKLOADS.put("as-of", new AsOf());
        WORKLOADS.put("seal", new Sealing());
        WORKLOADS.put("verification", new Verification());
        WORKLOADS.put("rebuild", new Rebuild());
        WORKLOADS.put("nodes", new Nodes());
        WORKLOADS.put("volume", new Volume());
    }

    /** Seconds to warm up in for whoever is slow, in a short run. */
    private static final int PATIENCE = 6;

    /** What takes longer than a short run may. */
    private static final Set<String> LONG = Set.of("as-of", "seal", "verification", "rebuild", "nodes", "volume");

    @Option(
            names = "--long",
            description = "All workloads, five rounds of 20 seconds: about two hours. Otherwise five minutes.")
    private boolean thorough;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "<workload>",
            description = "Only these: ${COMPLETION-CANDIDATES}",
            completionCandidates = Names.class)
    private @Nullable List<String> only;

    @Option(names = "--ledger", description = "The ledger script of another build.")
    private Path ledger = HOME.resolve("ledger");

    @Option(
            names = "--beside",
            description =
                    "The ledger script of one more build, to be compared with the first in turns: then nothing else is"
                            + " measured.")
    private @Nullable Path beside;

    @Option(names = "--rounds", description = "Rounds of each comparison.")
    private @Nullable Integer rounds;

    @Option(names = "--seconds", description = "Seconds of each run.")
    private @Nullable Integer seconds;

    @Option(
            names = "--connections",
            defaultValue = "64",
            description = "Connections of closed loops. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--warm-up",
            defaultValue = "30000",
            description = "Requests at least before a figure is believed. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(
            names = "--profile",
            description = "Then record under load where the ledger spends its processor time, and what it allocates.")
    private boolean profile;

    private boolean failed;

    @Option(
            names = "--data",
            description = "Where the databases are meanwhile: on the disk to be measured. Default: benchmarks/target.")
    private Path parent = HOME.resolve("benchmarks/target");

    @Option(
            names = "--report",
            description = "Where the report goes. Default: a directory of the day in benchmarks/target/reports.")
    private Path report = HOME.resolve("benchmarks/target/reports/" + LocalDate.now(ZoneOffset.UTC));

    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Names() {
            super(WORKLOADS.keySet());
        }
    }

    private Benchmarks() {}

    public static void main(String... arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Benchmarks()).setUsageHelpAutoWidth(true);
    }

    @Override
    public Integer call() throws Exception {
        Files.createDirectories(parent);
        Path data = Files.createTempDirectory(parent.toAbsolutePath().normalize(), "data");
        List<Section> sections = new ArrayList<>();
        try (Bench bench = new Bench(plan(), ledger.toAbsolutePath(), data)) {
            Map<String, String> conditions = Conditions.of(bench);
            for (Map.Entry<String, Workload> workload : chosen().entrySet()) {
                Bench.say("-- %s", workload.getKey());
                sections.add(section(workload, bench));
                // After each, so that a run which is cut short has said what it knew.
                new Report("Benchmarks of the subscription ledger", introduction(), conditions, sections).write(report);
            }
            if (profile) {
                System.out.println(Profiles.of(bench, parent));
            }
        }
        delete(data); // after a failure it is left, with the logs of all processes
        System.out.println("The report is in " + report);
        return failed ? 1 : 0;
    }

    /** What one workload cannot do does not keep the others from it; the report says so. */
    private Section section(Map.Entry<String, Workload> workload, Bench bench) throws InterruptedException {
        try {
            return workload.getValue().run(bench);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            e.printStackTrace();
            failed = true;
            return new Section(workload.getKey(), "**This failed**: " + e);
        } finally {
            bench.endOfWorkload();
        }
    }

    private Plan plan() {
        int defaultRounds = thorough ? 5 : 3;
        int defaultSeconds = thorough ? 20 : 2;
        return new Plan(
                thorough,
                rounds == null ? defaultRounds : rounds,
                Duration.ofSeconds(seconds == null ? defaultSeconds : seconds),
                connections,
                warmUp,
                patience());
    }

    private Duration patience() {
        return Duration.ofSeconds(thorough ? 120 : PATIENCE);
    }

    private Map<String, Workload> chosen() {
        if (beside != null) {
            return Map.of("builds", new TwoBuilds(beside.toAbsolutePath()));
        }
        if (only != null && !WORKLOADS.keySet().containsAll(only)) {
            throw new IllegalArgumentException("--only knows " + String.join(", ", WORKLOADS.keySet()));
        }
        Map<String, Workload> chosen = new LinkedHashMap<>(WORKLOADS);
        chosen.keySet().removeIf(name -> only == null ? !thorough && LONG.contains(name) : !only.contains(name));
        return chosen;
    }

    private String introduction() {
        return """
            Every figure is taken in one run, contenders in turns (A B C, A B C …), and given as the median of the rounds with the \
            least and the greatest in brackets; ratios are formed round by round. Whoever is measured over HTTP was warmed up with \
            %,d requests, and for as long as these became cheaper%s. Latencies count from the moment at which a request was to be sent. Processor time is what \
            the processes used, per operation: the application, PostgreSQL (which all share), and the load generator (for pgbench, \
            itself).
            """.formatted(warmUp, ", within %d seconds".formatted(patience().toSeconds()))
                .strip();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
