package ledger.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import ledger.standalone.BothSides.Database;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts both sides in this process, on the embedded PostgreSQL or on one of the user's. */
@Command(
        name = "serve",
        description = "Start the ledger, with a database of its own unless you name one of yours.",
        mixinStandardHelpOptions = true,
        footer = "%nThe password of a database of yours is taken from LEDGER_DATABASE_PASSWORD.")
final class Serve implements Callable<Integer> {

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
            defaultValue = "${env:LEDGER_DATABASE_URL:-}",
            description = "A PostgreSQL 18 of yours, as jdbc:postgresql://host/database. LEDGER_DATABASE_URL.")
    private String databaseUrl = "";

    @Option(
            names = "--database-user",
            defaultValue = "${env:LEDGER_DATABASE_USER:-}",
            description = "Its user. LEDGER_DATABASE_USER.")
    private String databaseUser = "";

    @Override
    public Integer call() {
        long begin = System.nanoTime();
        boolean ours = databaseUrl.isBlank();
        requireFree(port);
        DataDirectory directory = DataDirectory.hold(data);
        var context = BothSides.start(ours ? embedded(directory) : ofTheUser(), port, directory.path());
        String scheme = Ssl.isEnabled(context.getBean(ServerProperties.class).getSsl()) ? "https" : "http";
        System.out.printf(
                """
                The ledger is at       %1$s   (started in %2$.1f s)
                To try it in a browser %1$s/swagger-ui.html
                Its data are in        %3$s
                A token for an admin   ledger token
                Ctrl-C stops it.
                """,
                scheme + "://localhost:" + port,
                (System.nanoTime() - begin) / 1e9,
                ours ? data.toAbsolutePath() : "the database that you named");
        return 0;
    }

    private Database embedded(DataDirectory directory) {
        EmbeddedServer server = EmbeddedServer.start(directory);
        // Run after the application has let go of its connections, however the process is asked to end.
        SpringApplication.getShutdownHandlers().add(() -> {
            server.close();
            directory.close();
        });
        return server.database();
    }

    private Database ofTheUser() {
        if (databaseUser.isBlank()) {
            throw new CannotGoOn(
                    "LEDGER_DATABASE_URL names a database of yours: LEDGER_DATABASE_USER must name its user");
        }
        String password = Objects.requireNonNullElse(System.getenv("LEDGER_DATABASE_PASSWORD"), "");
        return new Database(databaseUrl, databaseUser, password);
    }

    /** Asked before anything is started: the server would find out last. */
    private static void requireFree(int port) {
        if (port < 0 || port > 65_535) {
            throw new CannotGoOn("LEDGER_PORT must be a port, from 1 to 65535, and not " + port);
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new CannotGoOn(
                    "cannot listen on port " + port + " (" + e.getMessage() + "): let LEDGER_PORT name another one");
        }
    }
}
