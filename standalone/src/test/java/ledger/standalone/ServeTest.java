package ledger.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that a user starts: what it says, what it answers, and that it leaves nothing behind. */
class ServeTest {

    @Test
    void answersOnADatabaseOfItsOwnAndStopsItWhenItIsTerminated(@TempDir Path data) throws Exception {
        int port = freePort();
        Process ledger = start(data, port);
        try {
            assertThat(untilReady(ledger)).anyMatch(line -> line.contains("http://localhost:" + port));
            assertThat(status(port, "/actuator/health/readiness")).isEqualTo(200);
            assertThat(status(port, "/v1/subscriptions")).as("the query side").isEqualTo(401);
            assertThat(status(port, "/v1/admin/clock")).as("the command side").isEqualTo(401);
            assertThat(status(port, "/v3/api-docs")).isEqualTo(200);
            assertThat(Files.getPosixFilePermissions(data.resolve("admin-client.json")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));

            Process second = start(data, freePort());
            assertThat(second.waitFor()).isEqualTo(1);
            assertThat(said(second)).contains("in use by process " + ledger.pid());
        } finally {
            ledger.destroy();
            assertThat(ledger.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(data.resolve("postgres/data/postmaster.pid")).doesNotExist();
    }

    @Test
    void saysInOneLineThatItsPortIsTaken(@TempDir Path data) throws Exception {
        try (ServerSocket somebody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process ledger = start(data, somebody.getLocalPort());
            assertThat(ledger.waitFor()).isEqualTo(1);
            assertThat(said(ledger).lines())
                    .singleElement()
                    .asString()
                    .contains("cannot listen on port " + somebody.getLocalPort())
                    .contains("LEDGER_PORT");
        }
        assertThat(data.resolve("postgres")).doesNotExist();
    }

    static Process start(Path data, int port) throws IOException {
        return start(data, port, Map.of());
    }

    static Process start(Path data, int port, Map<String, String> settings) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Daxoniq.update-checker.disabled=true",
                "-cp",
                System.getProperty("java.class.path"),
                Standalone.class.getName());
        builder.environment().put("LEDGER_DATA", data.toString());
        builder.environment().put("LEDGER_PORT", Integer.toString(port));
        builder.environment().remove("LEDGER_DATABASE_URL");
        builder.environment().putAll(settings);
        return builder.start();
    }

    static List<String> untilReady(Process ledger) {
        return new BufferedReader(new InputStreamReader(ledger.getInputStream(), StandardCharsets.UTF_8))
                .lines()
                .takeWhile(line -> !line.contains("Ctrl-C"))
                .toList();
    }

    private static String said(Process ledger) throws IOException {
        return new String(ledger.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static int status(int port, String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://localhost:" + port + path);
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
