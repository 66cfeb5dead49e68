package ledger.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import ledger.standalone.BothSides.Database;
import org.springframework.util.FileSystemUtils;

/**
 * The real PostgreSQL that {@code standalone} brings along, with all its promises of durability on. It listens on a free port of
 * the loopback interface only, to those who know a random password that its owner alone can read. It lives in
 * {@code postgres} below the data directory:
 *
 * <pre>data/       the cluster; settings of your own go into its postgresql.conf
 * ledger.conf our settings, written anew at every start
 * password    of the role "ledger"
 * log         of this run; log.1 is the one before</pre>
 *
 * <p>If it dies, as when the system runs out of memory, it is started again on the same port, where whoever uses it waits for it.
 *
 * <p>The library that packs the programs for Java can start them too, but trusts every local user, initialises in place, adopts
 * whatever answers on the port and gives the server five seconds to stop; so only its packages are used.
 */
final class EmbeddedServer implements AutoCloseable {

    private static final String USER = "ledger";
    private static final int ATTEMPTS = 60;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);
    private static final String PID_FILE = "postmaster.pid";

    /** For a small machine: the rest of its memory is the file cache's and ours. */
    private static final String SETTINGS = """
            # Written anew at every start; settings of your own go into postgresql.conf.
            listen_addresses = '127.0.0.1'
            port = %d
            unix_socket_directories = ''
            max_connections = 200
            fsync = on
            full_page_writes = on
            synchronous_commit = on
            shared_buffers = 256MB
            effective_cache_size = 1GB
            maintenance_work_mem = 128MB
            work_mem = 16MB
            max_wal_size = 4GB
            min_wal_size = 256MB
            checkpoint_timeout = 15min
            wal_compression = on
            random_page_cost = 1.1
            jit = off
            timezone = 'UTC'
            log_timezone = 'UTC'
            """;

    private final Path home;
    private final Path data;
    private final PostgresPrograms programs;
    private final String password;
    private int port;
    private volatile boolean closed;

    private EmbeddedServer(Path home, PostgresPrograms programs) throws IOException {
        this.home = home;
        this.data = home.resolve("data");
        this.programs = programs;
        this.password = Files.readString(home.resolve("password")).strip();
    }

    static EmbeddedServer start(DataDirectory directory) {
        return start(directory, EmbeddedServer::freePort);
    }

    static EmbeddedServer start(DataDirectory directory, IntSupplier ports) {
        Path home = directory.path().resolve("postgres");
        ServerUser user = ServerUser.of(home);
        PostgresPrograms programs = PostgresPrograms.in(directory.path(), user);
        try {
            user.letIn(directory.path());
            if (!Files.exists(home)) {
                initialise(directory.path(), home, programs, user);
            }
            user.giveFiles(home);
            EmbeddedServer server = new EmbeddedServer(home, programs);
            server.stopOrphan();
            server.keepOldLog();
            server.launch(ports);
            server.prepareDatabase();
            server.guard();
            return server;
        } catch (IOException | SQLException e) {
            throw new CannotGoOn("cannot start the embedded PostgreSQL in " + home, e);
        }
    }

    Database database() {
        return new Database(url("ledger"), USER, password);
    }

    @Override
    public void close() {
        closed = true;
        synchronized (this) { // once it is no longer being started again
            postmaster().filter(this::isOurs).ifPresent(_ -> stop());
        }
    }

    /** Everything is made in a sibling and appears at once: a crash in the middle leaves nothing that looks like a database. */
    private static void initialise(Path directory, Path home, PostgresPrograms programs, ServerUser user)
            throws IOException {
        System.err.println("Creating the database in " + home);
        Path half = directory.resolve("postgres.new");
        FileSystemUtils.deleteRecursively(half);
        Files.createDirectory(half);
        DataDirectory.ownerOnly(half);
        Path password = Files.createFile(half.resolve("password"));
        Files.createFile(half.resolve("ledger.conf"));
        if (DataDirectory.isPosix(password)) {
            Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        }
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        Files.writeString(password, HexFormat.of().formatHex(random) + "\n", StandardOpenOption.SYNC);
        user.giveFiles(half);
        programs.run(
                "initdb",
                "--pgdata=" + half.resolve("data"),
                "--username=" + USER,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C");
        Files.writeString(
                half.resolve("data/postgresql.conf"),
                "include '../ledger.conf'\n# What is set from here on wins; a ledger that is not durable does not start.\n",
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.SYNC);
        persist(half);
        Files.move(half, home, StandardCopyOption.ATOMIC_MOVE);
        persist(directory);
    }

    /** Makes the names in a directory survive a power cut, where the system lets one ask for that. */
    private static void persist(Path directory) throws IOException {
        if (DataDirectory.isPosix(directory)) {
            try (FileChannel channel = FileChannel.open(directory)) {
                channel.force(true);
            }
        }
    }

    /**
     * A server that outlived the process before us is shut down and started again, with our settings. A process that merely has
     * the number which that server once had is left alone.
     */
    private void stopOrphan() throws IOException {
        if (pid().isEmpty()) {
            Files.deleteIfExists(data.resolve(PID_FILE)); // of a server that was killed while it wrote this
        }
        postmaster().ifPresent(process -> {
            if (isOurs(process)) {
                System.err.println("Stopping PostgreSQL, process " + process.pid() + ", which outlived its ledger");
                stop();
            } else {
                disown();
            }
        });
    }

    /** The process that runs under the number which the server wrote down. */
    private Optional<ProcessHandle> postmaster() {
        return pid().flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive);
    }

    private Optional<Long> pid() {
        try (Stream<String> lines = Files.lines(data.resolve(PID_FILE))) {
            return lines.limit(1)
                    .map(String::strip)
                    .filter(line -> line.matches("[0-9]+"))
                    .map(Long::valueOf)
                    .findFirst();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new CannotGoOn("cannot tell whether the database in " + home + " is running", e);
        }
    }

    private boolean isOurs(ProcessHandle process) {
        String command = process.info().commandLine().orElse("");
        return command.contains("postgres") && command.contains("-D " + data);
    }

    /**
     * PostgreSQL would refuse to start beside the process of that number. With a number that no process can have it goes on to
     * its own check, whether the shared memory named in the same file is still in use; so the file is not simply deleted.
     */
    private void disown() {
        Path file = data.resolve(PID_FILE);
        try {
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            lines.set(0, Integer.toString(Integer.MAX_VALUE));
            Files.write(file, lines);
        } catch (IOException e) {
            throw new CannotGoOn("cannot correct " + file, e);
        }
    }

    private void guard() {
        postmaster()
                .ifPresent(process -> process.onExit()
                        .thenRunAsync(
                                this::revive,
                                Thread.ofPlatform().name("ledger-postgres").daemon()::start));
    }

    /** Its processes may outlive the one that died by a moment, and nothing starts beside them. */
    private synchronized void revive() {
        for (int attempt = 1; !closed; attempt++) {
            System.err.println("PostgreSQL has ended by itself: it is started again");
            try {
                launch(() -> port);
                guard();
                return;
            } catch (IOException | CannotGoOn e) {
                if (attempt == ATTEMPTS) {
                    System.err.println("PostgreSQL cannot be started again: " + e.getMessage());
                    return;
                }
                LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
            }
        }
    }

    private void keepOldLog() throws IOException {
        Path log = home.resolve("log");
        if (Files.exists(log)) {
            Files.move(log, home.resolve("log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void launch(IntSupplier ports) throws IOException {
        Path log = home.resolve("log");
        for (int attempt = 1; ; attempt++) {
            port = ports.getAsInt();
            Files.writeString(home.resolve("ledger.conf"), SETTINGS.formatted(port));
            try {
                programs.run(
                        "pg_ctl", "start", "--silent", "--wait", "--timeout=600", "--pgdata=" + data, "--log=" + log);
                return;
            } catch (CannotGoOn e) {
                String said = Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
                if (attempt == 3 || !said.contains("could not bind")) {
                    throw new CannotGoOn(e.getMessage() + "\n" + said.strip());
                }
            }
        }
    }

    private void prepareDatabase() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url("postgres"), USER, password);
                Statement statement = connection.createStatement()) {
            requireOurs(statement);
            if (!ask(statement, "select exists (select from pg_database where datname = 'ledger')")
                    .equals("t")) {
                statement.execute("create database ledger");
            }
        } catch (SQLException | CannotGoOn e) {
            stop();
            throw e;
        }
    }

    /** Whoever answers on the port must be the server of our directory, and must not lose what it has committed. */
    private void requireOurs(Statement statement) throws SQLException {
        String directory = ask(statement, "show data_directory");
        if (!directory.equals(data.toString())) {
            throw new CannotGoOn(
                    "port " + port + " is answered by the PostgreSQL of " + directory + ", not of " + data);
        }
        for (String promise : List.of("fsync", "full_page_writes", "synchronous_commit")) {
            String setting = ask(statement, "show " + promise);
            if (!setting.equals("on")) {
                throw new CannotGoOn(promise + " is " + setting + " in " + data
                        + ": without it a crash loses events; remove it from postgresql.conf and postgresql.auto.conf");
            }
        }
    }

    private static String ask(Statement statement, String query) throws SQLException {
        try (ResultSet answer = statement.executeQuery(query)) {
            answer.next();
            return answer.getString(1);
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Fast: transactions that run are rolled back, everything is written down. That takes as long as it takes. */
    private void stop() {
        programs.run("pg_ctl", "stop", "--silent", "--wait", "--timeout=600", "--mode=fast", "--pgdata=" + data);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new CannotGoOn("there is no free port", e);
        }
    }
}
