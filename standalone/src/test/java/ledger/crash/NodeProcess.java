package ledger.crash;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import ledger.standalone.Standalone;
import ledger.testing.TestDatabase;
import ledger.testing.TestIssuer;
import org.jspecify.annotations.Nullable;

/** Both sides in a process of their own, as {@code ledger serve} starts them, which can be killed and stopped in its tracks. */
final class NodeProcess implements AutoCloseable {

    private final String name;
    private final Path log;
    private final Wire wire;
    private final ProcessBuilder builder;
    private final URI url;
    private final AtomicLong answers = new AtomicLong();
    private @Nullable Process process;

    NodeProcess(String name, Path directory, Wire wire, TestDatabase database) throws IOException {
        this.name = name;
        this.log = directory.resolve(name + ".log");
        this.wire = wire;
        int port = freePort();
        this.url = URI.create("http://127.0.0.1:" + port);
        // It lives for seconds: the second compiler would not pay.
        builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-Daxoniq.update-checker.disabled=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Standalone.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("LEDGER_PORT", Integer.toString(port));
        builder.environment()
                .put("LEDGER_DATA", directory.resolve(name).toAbsolutePath().toString());
        builder.environment() // the nodes' own: whichever seals
                .put(
                        "LEDGER_SEAL_KEY",
                        directory.resolve("seal-key").toAbsolutePath().toString());
        builder.environment().put("LEDGER_DATABASE_URL", through(wire, database));
        builder.environment().put("LEDGER_DATABASE_USER", database.user());
        builder.environment().put("LEDGER_DATABASE_PASSWORD", database.password());
        builder.environment().put("LEDGER_ISSUER_URI", TestIssuer.shared().uri());
    }

    private static String through(Wire wire, TestDatabase database) {
        return database.url().replaceFirst("//[^/]*/", "//127.0.0.1:" + wire.port() + "/");
    }

    NodeProcess start() throws IOException {
        Process started = builder.start();
        process = started;
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly)); // where a test is broken off
        return this;
    }

    void awaitReady() {
        await(name + " is ready, see " + log)
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(100))
                .until(this::isReady);
    }

    private boolean isReady() throws InterruptedException {
        if (!running().isAlive()) {
            throw new IllegalStateException(name + " has ended by itself, see " + log);
        }
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/actuator/health/readiness"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        running().destroyForcibly().waitFor();
    }

    /** It does nothing any more, and holds what it holds. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int code = new ProcessBuilder(
                        "kill", "-" + signal, Long.toString(running().pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("kill -" + signal + " failed");
        }
    }

    /** As its user stops it. */
    @Override
    public void close() throws IOException {
        if (process != null) {
            process.destroy();
            try {
                if (!process.waitFor(1, TimeUnit.MINUTES)) {
                    process.destroyForcibly();
                    throw new IllegalStateException(name + " did not stop, see " + log);
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        wire.close();
    }

    URI url() {
        return url;
    }

    Wire wire() {
        return wire;
    }

    /** How often it has answered a command, one way or the other. */
    long answers() {
        return answers.get();
    }

    void answered() {
        answers.incrementAndGet();
    }

    /** How often its log, of all its lives, says this. */
    long said(String words) {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(words)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return process;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
