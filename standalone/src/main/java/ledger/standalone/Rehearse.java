package ledger.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import ledger.issuer.AdminClient;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;

/** What the {@code ledger} script lets Java take notes of: a start, and a few accounts of RavenStack on it. */
@Command(
        name = "rehearse",
        description =
                "Let Java take notes of a start and some work, once after a build; it starts in half the time then.",
        mixinStandardHelpOptions = true)
final class Rehearse implements Callable<Integer> {

    @Override
    public Integer call() throws IOException {
        Path data = Files.createTempDirectory("ledger-rehearsal");
        try (DataDirectory directory = DataDirectory.hold(data);
                EmbeddedServer server = EmbeddedServer.start(directory);
                var ledger = BothSides.start(server.database(), 0, directory.path())) {
            String port = ledger.getEnvironment().getRequiredProperty("local.server.port");
            return Standalone.commandLine()
                    .execute(
                            "replay",
                            "--url",
                            "http://localhost:" + port,
                            "--admin-client",
                            AdminClient.in(directory.path()).toString(),
                            "--share",
                            "0.02");
        } finally {
            FileSystemUtils.deleteRecursively(data);
        }
    }
}
