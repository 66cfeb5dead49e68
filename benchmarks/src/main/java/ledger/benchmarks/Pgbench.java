package ledger.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** The yardstick: PostgreSQL's own {@code pgbench}, which inserts a row of an event's size and commits, in prepared statements. */
final class Pgbench implements Contender {

    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");
    private static final Pattern COUNT = Pattern.compile("transactions actually processed: ([0-9]+)");

    private final Path program;
    private final Yardstick yardstick;
    private final int clients;
    private final double limit;

    private Pgbench(Path program, Yardstick yardstick, int clients, double limit) {
        this.program = program;
        this.yardstick = yardstick;
        this.clients = clients;
        this.limit = limit;
    }

    /** That of the machine, which may be of another version: it is a client like any other. */
    static Optional<Pgbench> find(Yardstick yardstick) {
        Stream<Path> onPath = Stream.of(System.getenv("PATH").split(":")).map(Path::of);
        return Stream.concat(onPath, debian())
                .map(directory -> directory.resolve("pgbench"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(program -> new Pgbench(program, yardstick, 1, 0));
    }

    private static Stream<Path> debian() {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin")).toList().stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    Pgbench with(int clients) {
        return new Pgbench(program, yardstick, clients, limit);
    }

    /** In an open loop: so many a second, at random moments. */
    Pgbench at(double rate) {
        return new Pgbench(program, yardstick, clients, rate);
    }

    @Override
    public String name() {
        return "pgbench, " + clients + " clients";
    }

    @Override
    public Run run(Duration time) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("pgbench");
        Path script =
                Files.writeString(directory.resolve("insert.sql"), Yardstick.INSERT.formatted(":payload", ":metadata"));
        try {
            Process process = new ProcessBuilder(command(script, directory.resolve("log"), time))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("pgbench failed:\n" + said);
            }
            long count = Long.parseLong(find(COUNT, said));
            double rate = count == 0 ? 0 : Double.parseDouble(find(RATE, said)); // it may not even have connected yet
            return new Run(rate, count, latencies(directory));
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private List<String> command(Path script, Path log, Duration time) {
        Postgres database = yardstick.database();
        int threads = Math.min(clients, Runtime.getRuntime().availableProcessors());
        List<String> command = new ArrayList<>(List.of(
                "env",
                "PGPASSWORD=" + database.password(),
                program.toString(),
                "--no-vacuum",
                "--host=127.0.0.1",
                "--port=" + database.port(),
                "--username=" + Postgres.USER,
                "--protocol=prepared",
                "--client=" + clients,
                "--jobs=" + threads,
                "--time=" + time.toSeconds(),
                "--file=" + script,
                "--define=payload=" + yardstick.payload(),
                "--define=metadata=" + yardstick.metadata(),
                "--log",
                "--log-prefix=" + log));
        if (limit > 0) {
            command.add("--rate=" + limit);
        } else {
            command.add("--sampling-rate=0.1"); // so that its log costs it nothing
        }
        command.add(database.database());
        return command;
    }

    /** Its log has a line for each transaction: client, number, microseconds since it was to start, … */
    private static Histogram latencies(Path directory) throws IOException {
        Histogram latencies = Contender.histogram();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(one -> one.getFileName().toString().startsWith("log"))
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    latencies.recordValue(Long.parseLong(line.split(" ", -1)[2]));
                }
            }
        }
        return latencies;
    }

    private static String find(Pattern pattern, String said) {
        Matcher matcher = pattern.matcher(said);
        if (!matcher.find()) {
            throw new IllegalStateException("pgbench said:\n" + said);
        }
        return matcher.group(1);
    }
}
