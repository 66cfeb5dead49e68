package ledger.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server with all its promises on, for tests of crashes: it can be killed at any moment and started again, with
 * the same data on the same port. Not to be shared; always an embedded one.
 */
public final class DurableServer implements AutoCloseable {

    private final Path data;
    private EmbeddedPostgres server;

    private DurableServer(Path data, EmbeddedPostgres server) {
        this.data = data;
        this.server = server;
    }

    public static DurableServer start() {
        try {
            Path data = Files.createTempDirectory("durable-postgres");
            return new DurableServer(data, launch(data, 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public TestDatabase createDatabase() {
        return TestDatabase.on(server).createDatabase();
    }

    /** {@code kill -9} of every process of the server. */
    public void kill() {
        List<ProcessHandle> all = processes();
        all.forEach(ProcessHandle::destroyForcibly);
        await(all);
    }

    /** {@code pg_ctl stop -m immediate}: connections are cut, nothing is flushed, the next start recovers from the log. */
    public void stopImmediately() {
        List<ProcessHandle> all = processes();
        try {
            new ProcessBuilder("kill", "-QUIT", Long.toString(all.getFirst().pid())).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await(all);
    }

    /** Starts it again after {@link #kill} or {@link #stopImmediately}; returns when it has recovered. */
    public void restart() {
        try {
            int port = server.getPort();
            server.close(); // releases the directory; logs that there is nothing to stop
            server = launch(data, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Moves its write-ahead log to a directory on another disk; it is restarted for that. */
    public void moveLogTo(Path directory) {
        try (var connection = TestDatabase.on(server).connect();
                var statement = connection.createStatement()) {
            statement.execute("alter system set max_wal_size = '64MB'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        stopImmediately();
        Path log = data.resolve("pg_wal");
        try {
            FileSystemUtils.copyRecursively(log, directory);
            FileSystemUtils.deleteRecursively(log);
            Files.createSymbolicLink(log, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        restart();
    }

    /** Writes until it has no room left for its log, and panics. */
    public void exhaustLog() throws SQLException {
        try (var connection = TestDatabase.on(server).connect()) {
            try (var statement = connection.createStatement()) {
                while (true) { // each round uses up a segment of those that it keeps in store
                    statement.execute("select pg_logical_emit_message(true, 'crash', 'test')");
                    statement.execute("select pg_switch_wal()");
                }
            } catch (SQLException e) {
                if (connection.isValid(5)) {
                    throw e; // a mere error, after which the server goes on
                }
            }
        }
    }

    /** Returns when it takes connections; starts it if it has given up. */
    public void recover() {
        Awaitility.await("PostgreSQL takes connections again")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(this::isBack);
    }

    private boolean isBack() {
        try (var connection = TestDatabase.on(server).connect()) {
            return connection.isValid(5);
        } catch (SQLException _) {
            if (!isAlive()) {
                restart();
            }
            return false;
        }
    }

    private boolean isAlive() {
        try {
            return processes().getFirst().isAlive();
        } catch (UncheckedIOException | NoSuchElementException _) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        FileSystemUtils.deleteRecursively(data);
    }

    private static EmbeddedPostgres launch(Path data, int port) throws IOException {
        EmbeddedPostgres server = TestDatabase.embedded()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
        requireDurable(TestDatabase.on(server));
        return server;
    }

    private static void requireDurable(TestDatabase database) {
        for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
            try (var connection = database.connect();
                    var statement = connection.createStatement();
                    var shown = statement.executeQuery("show " + setting)) {
                if (!shown.next() || !shown.getString(1).equals("on")) {
                    throw new IllegalStateException(setting + " is not on");
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The postmaster first, then its children. */
    private List<ProcessHandle> processes() {
        try (Stream<String> lines = Files.lines(data.resolve("postmaster.pid"))) {
            long pid = Long.parseLong(lines.findFirst().orElseThrow());
            ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
            return Stream.concat(Stream.of(postmaster), postmaster.descendants())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the server is not running", e);
        }
    }

    private static void await(List<ProcessHandle> processes) {
        CompletableFuture.allOf(processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .join();
    }
}
