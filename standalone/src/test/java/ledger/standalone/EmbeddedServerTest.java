package ledger.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded PostgreSQL keeps its promises, and survives whatever happens to the process that started it. */
class EmbeddedServerTest {

    /** Shared, since unpacking and initialising take seconds; every test leaves it stopped. */
    @TempDir
    static Path shared;

    @Test
    void isDurableByEverySettingThatMatters() throws Exception {
        try (Running running = Running.in(shared)) {
            for (String promise : List.of("fsync", "full_page_writes", "synchronous_commit", "data_checksums")) {
                assertThat(running.ask("show " + promise)).as(promise).isEqualTo("on");
            }
            assertThat(
                            running.ask(
                                    "select datlocprovider::text || ' ' || datlocale from pg_database where datname = 'ledger'"))
                    .isEqualTo("b C.UTF-8");
        }
    }

    @Test
    void keepsItsDataFromOneStartToTheNext() throws Exception {
        try (Running running = Running.in(shared)) {
            running.execute("create table kept as select 42 as answer");
        }
        try (Running running = Running.in(shared)) {
            assertThat(running.ask("select answer from kept")).isEqualTo("42");
            running.execute("drop table kept");
        }
    }

    @Test
    void isOpenOnlyToThoseWhoKnowThePassword() throws Exception {
        try (Running running = Running.in(shared)) {
            assertThatThrownBy(() -> DriverManager.getConnection(
                            running.database().url(), running.database().user(), "guessed"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThat(running.ask("select string_agg(distinct auth_method, ',') from pg_hba_file_rules"))
                    .isEqualTo("scram-sha-256");
            assertThat(running.ask("select count(*)::text from pg_hba_file_rules where error is not null"))
                    .isEqualTo("0");
        }
        assertThat(Files.getPosixFilePermissions(shared.resolve("postgres/password")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(shared.resolve("postgres")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void listensOnTheLoopbackInterfaceAlone() throws Exception {
        try (Running running = Running.in(shared)) {
            assertThat(running.ask("show unix_socket_directories")).isEmpty();
            int port = Integer.parseInt(running.ask("show port"));
            Optional<InetAddress> outside = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress())
                    .findFirst();
            assumeThat(outside).isPresent();
            assertThatThrownBy(() -> new Socket(outside.orElseThrow(), port)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aServerThatOutlivedItsProcessIsStoppedAndItsDataAreThere() throws Exception {
        Process process = inAnotherProcess(shared);
        BufferedReader output = output(process);
        String orphan = output.readLine();
        process.destroyForcibly().waitFor();

        assertThat(ProcessHandle.of(Long.parseLong(orphan))).as("it lives on").isPresent();
        try (Running running = Running.in(shared)) {
            assertThat(running.ask("select answer from committed")).isEqualTo("42");
            assertThat(postmaster(shared)).isNotEqualTo(orphan);
            running.execute("drop table committed");
        }
    }

    @Test
    void aStrangerWithTheProcessNumberOfTheDeadServerIsLeftAlone() throws Exception {
        Running.in(shared).close();
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(
                    shared.resolve("postgres/data/postmaster.pid"),
                    stranger.pid() + "\n" + shared.resolve("postgres/data")
                            + "\n1700000000\n1\n\n127.0.0.1\n  1 1\nready   \n");
            try (Running running = Running.in(shared)) {
                assertThat(running.ask("select 1")).isEqualTo("1");
            }
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroy();
        }
    }

    @Test
    void aProcessNumberThatWasNeverWrittenIsNotWaitedFor() throws Exception {
        Running.in(shared).close();
        Files.createFile(shared.resolve("postgres/data/postmaster.pid"));
        try (Running running = Running.in(shared)) {
            assertThat(running.ask("select 1")).isEqualTo("1");
        }
    }

    @Test
    void isStartedAgainWhereItWasWhenItDies() throws Exception {
        try (Running running = Running.in(shared)) {
            running.execute("create table committed as select 42 as answer");
            String dead = postmaster(shared);
            ProcessHandle.of(Long.parseLong(dead)).orElseThrow().destroyForcibly();
            await().atMost(Duration.ofMinutes(1))
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .untilAsserted(() -> assertThat(running.ask("select answer from committed"))
                            .isEqualTo("42"));
            assertThat(postmaster(shared)).isNotEqualTo(dead);
            running.execute("drop table committed");
        }
        assertThat(shared.resolve("postgres/data/postmaster.pid")).doesNotExist();
    }

    @Test
    void itsOwnDeathIsNoReasonToFailAtTheEnd() throws Exception {
        Running running = Running.in(shared);
        ProcessHandle server =
                ProcessHandle.of(Long.parseLong(postmaster(shared))).orElseThrow();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(server), server.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
        running.close();
        Running.in(shared).close();
    }

    @Test
    void aPortThatSomebodyElseHasIsNotUsed() throws Exception {
        try (ServerSocket foreign = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DataDirectory directory = DataDirectory.hold(shared)) {
            PrimitiveIterator.OfInt ports =
                    IntStream.of(foreign.getLocalPort(), free.getLocalPort()).iterator();
            free.close();
            try (EmbeddedServer server = EmbeddedServer.start(directory, ports::nextInt)) {
                assertThat(server.database().url()).contains(":" + free.getLocalPort() + "/");
            }
        }
    }

    @Test
    void aDirectoryIsForOneProcessAtATime() throws Exception {
        Process process = inAnotherProcess(shared);
        output(process).readLine();
        try {
            assertThatThrownBy(() -> DataDirectory.hold(shared))
                    .isInstanceOf(CannotGoOn.class)
                    .hasMessageContaining("in use by process " + process.pid());
        } finally {
            process.destroyForcibly().waitFor();
            Running.in(shared).close();
        }
    }

    @Test
    void settingsThatLoseEventsAreRefused() throws Exception {
        Running.in(shared).close();
        Path settings = shared.resolve("postgres/data/postgresql.conf");
        String before = Files.readString(settings);
        Files.writeString(settings, "synchronous_commit = off\n", StandardOpenOption.APPEND);
        try {
            assertThatThrownBy(() -> Running.in(shared))
                    .isInstanceOf(CannotGoOn.class)
                    .hasMessageContaining("synchronous_commit is off");
            assertThat(shared.resolve("postgres/data/postmaster.pid")).doesNotExist();
        } finally {
            Files.writeString(settings, before);
        }
    }

    @Test
    void whatACrashLeftOfTheFirstStartIsSweptAway(@TempDir Path fresh) throws Exception {
        Files.createDirectories(fresh.resolve("postgres.new/data/base"));
        Files.writeString(fresh.resolve("postgres.new/data/PG_VERSION"), "18\n");
        Files.createDirectories(fresh.resolve("postgresql-0.new/bin"));

        try (Running running = Running.in(fresh)) {
            assertThat(running.ask("select 1")).isEqualTo("1");
        }
        try (var entries = Files.list(fresh)) {
            assertThat(entries.map(entry -> entry.getFileName().toString()))
                    .noneMatch(name -> name.endsWith(".new"))
                    .hasSize(3);
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed(@TempDir Path fresh) throws Exception {
        Path file = Files.createFile(fresh.resolve("file"));
        assertThatThrownBy(() -> DataDirectory.hold(file.resolve("data")))
                .isInstanceOf(CannotGoOn.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("LEDGER_DATA");
    }

    /** Starts a server, commits something, prints the number of the server's process, and waits for its end. */
    static final class Another {
        public static void main(String[] arguments) throws Exception {
            Path path = Path.of(arguments[0]);
            Running running = Running.in(path);
            running.execute("drop table if exists committed; create table committed as select 42 as answer");
            System.out.println(postmaster(path));
            System.in.read();
        }
    }

    private static Process inAnotherProcess(Path path) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Another.class.getName(),
                        path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String postmaster(Path path) throws IOException {
        return Files.readAllLines(path.resolve("postgres/data/postmaster.pid")).getFirst();
    }

    private record Running(DataDirectory directory, EmbeddedServer server) implements AutoCloseable {

        static Running in(Path path) {
            DataDirectory directory = DataDirectory.hold(path);
            try {
                return new Running(directory, EmbeddedServer.start(directory));
            } catch (CannotGoOn e) {
                directory.close();
                throw e;
            }
        }

        String ask(String query) throws SQLException {
            try (Connection connection = connect();
                    var answer = connection.createStatement().executeQuery(query)) {
                answer.next();
                return answer.getString(1);
            }
        }

        void execute(String statement) throws SQLException {
            try (Connection connection = connect()) {
                connection.createStatement().execute(statement);
            }
        }

        BothSides.Database database() {
            return server.database();
        }

        private Connection connect() throws SQLException {
            return DriverManager.getConnection(
                    database().url(), database().user(), database().password());
        }

        @Override
        public void close() {
            server.close();
            directory.close();
        }
    }
}
