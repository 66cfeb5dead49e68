package ledger.query;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import ledger.testing.TestIssuer;
import org.awaitility.Awaitility;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A process of the query side over a ledger's database, as its users see it: through HTTP. */
public final class Node implements AutoCloseable {

    static {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30)); // also on a busy machine
    }

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ConfigurableApplicationContext context;
    private final String token;

    private Node(ConfigurableApplicationContext context, String token) {
        this.context = context;
        this.token = token;
    }

    /** A node that seals with the key in this file, or makes it. */
    public static Node sealing(Ledger ledger, Path key, String... settings) {
        String[] all = Arrays.copyOf(settings, settings.length + 2);
        all[settings.length] = "--LEDGER_SEAL=on";
        all[settings.length + 1] = "--LEDGER_SEAL_KEY=" + key;
        return launch(ledger, QuerySide.class, all);
    }

    public static Node start(Ledger ledger, String... settings) {
        return start(ledger, QuerySide.class, settings);
    }

    /** With more in it than the query side has. */
    public static Node start(Ledger ledger, Class<?> more, String... settings) {
        String[] all = Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "--LEDGER_SEAL=off";
        return launch(ledger, more, all);
    }

    private static Node launch(Ledger ledger, Class<?> more, String... settings) {
        String[] own = {
            "--spring.config.name=query-side",
            "--server.port=0",
            "--LEDGER_ISSUER_URI=" + TestIssuer.shared().uri(),
            "--LEDGER_DATABASE_URL=" + ledger.database().url(),
            "--LEDGER_DATABASE_USER=" + ledger.database().user(),
            "--LEDGER_DATABASE_PASSWORD=" + ledger.database().password()
        };
        String[] all = Arrays.copyOf(own, own.length + settings.length);
        System.arraycopy(settings, 0, all, own.length, settings.length);
        return new Node(
                new SpringApplicationBuilder(more, QuerySide.class).run(all),
                TestIssuer.shared().token("admin", "admin"));
    }

    /** The same node as somebody else speaks to it. */
    public Node as(String bearer) {
        return new Node(context, bearer);
    }

    public Answer get(String path) {
        return get(path, Map.of());
    }

    /** What a GET answers once this position is seen. */
    public Answer getAt(long position, String path) {
        return get(path, Map.of("Ledger-Position", Long.toString(position)));
    }

    public Answer get(String path, Map<String, String> headers) {
        return send("GET", path, headers);
    }

    public Answer send(String method, String path, Map<String, String> headers) {
        try {
            return new Answer(send(method, path, headers, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a GET answers, taken by {@code body}. */
    public <T> HttpResponse<T> send(String path, Map<String, String> headers, HttpResponse.BodyHandler<T> body)
            throws IOException {
        return send("GET", path, headers, body);
    }

    private <T> HttpResponse<T> send(
            String method, String path, Map<String, String> headers, HttpResponse.BodyHandler<T> body)
            throws IOException {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        request.header("Authorization", "Bearer " + token);
        headers.forEach(request::header);
        try {
            return HTTP.send(request.build(), body);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public Answer post(String path) {
        return send("POST", path, Map.of());
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Ends it as a signal to its process would. */
    public void stop() {
        context.close();
    }

    @Override
    public void close() {
        stop();
    }

    public record Answer(HttpResponse<String> response) {

        public int status() {
            return response.statusCode();
        }

        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public <T> T as(Class<T> type) {
            return StoredJson.read(response.body(), type);
        }
    }
}
