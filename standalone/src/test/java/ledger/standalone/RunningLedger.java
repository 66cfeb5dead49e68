package ledger.standalone;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import ledger.issuer.AdminClient;
import ledger.testing.TestDatabase;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole system on a database of a test and a free port. */
record RunningLedger(ConfigurableApplicationContext context, Path data, AtomicReference<String> admin)
        implements AutoCloseable {

    private static final class Shared {
        static final TestDatabase DATABASE = TestDatabase.create();
        static final RunningLedger LEDGER = on(DATABASE);
    }

    /** One for all tests that mind their own customers and plans; it ends with the JVM. */
    static RunningLedger shared() {
        return Shared.LEDGER;
    }

    static TestDatabase sharedDatabase() {
        return Shared.DATABASE;
    }

    static RunningLedger on(TestDatabase database) {
        return on(database, temporary());
    }

    /** With its secrets in a directory of the test's. */
    static RunningLedger on(TestDatabase database, Path data, String... settings) {
        BothSides.Database ours = new BothSides.Database(database.url(), database.user(), database.password());
        return new RunningLedger(BothSides.start(ours, 0, data, settings), data, new AtomicReference<>());
    }

    /** On the server of a directory, and with the secrets in it. */
    static RunningLedger on(EmbeddedServer server, DataDirectory directory, String... settings) {
        BothSides.Database ours = server.database();
        return on(new TestDatabase(ours.url(), ours.user(), ours.password()), directory.path(), settings);
    }

    /** The file with the admin client's secret. */
    String adminClient() {
        return AdminClient.in(data).toString();
    }

    /** An admin's token, as a header wants it. */
    String asAdmin() {
        return "Bearer " + admin.updateAndGet(known -> known == null ? token() : known);
    }

    /** What became of a command line: its exit code, and what it printed, also for errors. */
    record Ran(int code, String output) {}

    /** Runs {@code ledger} with these arguments against this ledger, as its admin. */
    Ran run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", url(), "--admin-client", adminClient()));
        return execute(all.toArray(String[]::new));
    }

    static Ran execute(String... arguments) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int code = Standalone.commandLine().setOut(out).setErr(out).execute(arguments);
        return new Ran(code, said.toString().strip());
    }

    /** The output of {@code ledger token} with these options. */
    String token(String... options) {
        Ran ran = run(Stream.concat(Stream.of("token"), Stream.of(options)).toArray(String[]::new));
        if (ran.code() != 0) {
            throw new IllegalStateException(ran.output());
        }
        return ran.output();
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("ledger-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port");
    }

    @Override
    public void close() {
        context.close();
    }
}
