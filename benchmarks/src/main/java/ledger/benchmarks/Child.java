package ledger.benchmarks;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, which answers on a port of the loopback interface. It ends with us, however we end. */
final class Child implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Process process;
    private final int port;
    private final Thread guard;

    private Child(Process process, int port) {
        this.process = process;
        this.port = port;
        this.guard = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(guard);
    }

    /** Returns when {@code path} is answered with 200. What it prints goes into {@code log}. */
    static Child start(List<String> command, Map<String, String> environment, int port, String path, Path log)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(new File("/dev/null"));
        builder.environment().keySet().removeIf(name -> name.startsWith("LEDGER_"));
        builder.environment().putAll(environment);
        Child child = new Child(builder.start(), port);
        child.awaitReady(path, log);
        return child;
    }

    private void awaitReady(String path, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(PATIENCE)
                .build();
        while (true) {
            try {
                if (HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    close();
                    throw new IllegalStateException("it did not start:\n" + Files.readString(log), e);
                }
            }
            Thread.sleep(20);
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /** Asks it to end, and waits until it has. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Runtime.getRuntime().removeShutdownHook(guard);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // We are ending already, and the guard has done it.
        }
    }
}
