package ledger.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.core.NestedExceptionUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts both sides in this process, on the embedded PostgreSQL or on one of the user's. */
@Command(
        name = "serve",
        description = "Start the ledger, with a database of its own unless you name one of yours.",
        mixinStandardHelpOptions = true,
        footer = "%nThe password of a database of yours is taken from LEDGER_DATABASE_PASSWORD.")
final class Serve implements Callable<Integer> {

    /** Each side names its own file: two of one name on a class path would shadow each other. The last one wins. */
    static final String CONFIGURATIONS = "command-side,query-side,standalone";

    @Option(
            names = "--port",
            defaultValue = "${env:LEDGER_PORT:-8080}",
            description = "Port on the loopback interface. LEDGER_PORT, default 8080.")
    private int port;

    @Option(
            names = "--data",
            defaultValue = "${env:LEDGER_DATA:-${sys:user.home}/.ledger}",
            description = "Directory of the embedded database, keys and secrets. LEDGER_DATA, default ~/.ledger.")
    private Path data = Path.of("");

    @Option(
            names = "--database-url",
            defaultValue = "${env:LEDGER_DATABASE_URL}",
            description = "A PostgreSQL 18 of yours, as jdbc:postgresql://host/database. LEDGER_DATABASE_URL.")
    private @Nullable String databaseUrl;

    @Option(
            names = "--database-user",
            defaultValue = "${env:LEDGER_DATABASE_USER}",
            description = "Its user. LEDGER_DATABASE_USER.")
    private @Nullable String databaseUser;

    @Override
    public Integer call() {
        long begin = System.nanoTime();
        List<String> settings = new ArrayList<>();
        set(settings, "LEDGER_PORT", Integer.toString(port));
        if (databaseUrl == null) {
            embed(settings);
        } else {
            requireFree(port);
            set(settings, "LEDGER_DATABASE_URL", databaseUrl);
            if (databaseUser != null) {
                set(settings, "LEDGER_DATABASE_USER", databaseUser);
            }
        }
        start(settings);
        System.out.printf(
                """
                The ledger is at       http://localhost:%1$d   (started in %2$.1f s)
                To try it in a browser http://localhost:%1$d/swagger-ui.html
                Its data are in        %3$s
                Ctrl-C stops it.
                """,
                port, (System.nanoTime() - begin) / 1e9, databaseUrl == null ? data.toAbsolutePath() : databaseUrl);
        return 0;
    }

    private void embed(List<String> settings) {
        DataDirectory directory = DataDirectory.hold(data);
        requireFree(port);
        EmbeddedServer server = EmbeddedServer.start(directory);
        // Run after the application has let go of its connections, however the process is asked to end.
        SpringApplication.getShutdownHandlers().add(() -> {
            server.close();
            directory.close();
        });
        set(settings, "LEDGER_DATABASE_URL", server.url());
        set(settings, "LEDGER_DATABASE_USER", EmbeddedServer.USER);
        set(settings, "LEDGER_DATABASE_PASSWORD", server.password());
    }

    private static void start(List<String> settings) {
        try {
            new SpringApplicationBuilder(BothSides.class)
                    .properties("spring.config.name=" + CONFIGURATIONS)
                    .bannerMode(Banner.Mode.OFF)
                    .logStartupInfo(false)
                    .run(settings.toArray(String[]::new));
        } catch (RuntimeException e) {
            // What happened has been logged in full.
            throw new CannotGoOn("the ledger did not start: "
                    + NestedExceptionUtils.getMostSpecificCause(e).getMessage());
        }
    }

    private static void set(List<String> settings, String name, String value) {
        settings.add("--" + name + "=" + value);
    }

    /** Asked before anything is started: the server would find out last. */
    private static void requireFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new CannotGoOn(
                    "cannot listen on port " + port + " (" + e.getMessage() + "): let LEDGER_PORT name another one");
        }
    }
}
