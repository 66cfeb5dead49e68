package ledger.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A ledger's interface, for what is prepared and looked up: not for load. */
final class Api {

    /** An answer with its {@code Ledger-Position}, which is 0 where it has none. */
    record Answer(JsonNode body, long position) {}

    private static final JsonMapper JSON = new JsonMapper();

    private static final String STILL_ADVANCING = "still-advancing";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;
    private final Path data;

    /** {@code data} is the directory in which that ledger keeps its admin client's secret. */
    Api(String url, Path data) {
        this.url = url;
        this.data = data;
    }

    /** Tokens for that many people of one role, each good for an hour. */
    List<String> tokens(String role, String tenant, int count) throws IOException, InterruptedException {
        String admin = admin();
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Object> wanted = new LinkedHashMap<>();
            wanted.put("roles", List.of(role));
            wanted.put("subject", role + "-" + i);
            wanted.put("tenant", tenant);
            tokens.add(post("/v1/admin/tokens", admin, wanted)
                    .body()
                    .path("accessToken")
                    .asString());
        }
        return tokens;
    }

    private String admin() throws IOException, InterruptedException {
        JsonNode client = JSON.readTree(Files.readString(data.resolve("admin-client.json")));
        String basic = client.path("clientId").asString() + ":"
                + client.path("clientSecret").asString();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/oauth2/token"))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        return JSON.readTree(answer.body()).path("access_token").asString();
    }

    Answer post(String path, String token, Object body) throws IOException, InterruptedException {
        return send(request(path, token).POST(json(body)).build());
    }

    /** Moves a simulated clock, in as many requests as it takes; answers how many deadlines the last of them fired. */
    int advance(String token, Instant to) throws IOException, InterruptedException {
        HttpRequest request = request("/v1/admin/clock/advance", token)
                .POST(json(Map.of("to", to.toString())))
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        while (JSON.readTree(answer.body()).path("code").asString("").equals(STILL_ADVANCING)) {
            answer = http.send(request, BodyHandlers.ofString());
        }
        return required(request, answer).body().path("fired").asInt();
    }

    Answer put(String path, String token, Object body) throws IOException, InterruptedException {
        return send(request(path, token).PUT(json(body)).build());
    }

    String text(String path, String token) throws IOException, InterruptedException {
        return http.send(request(path, token).GET().build(), BodyHandlers.ofString())
                .body();
    }

    /** What is at least as new as that position. */
    Answer get(String path, String token, long position) throws IOException, InterruptedException {
        HttpRequest request = request(path, token)
                .header("Ledger-Position", Long.toString(position))
                .GET()
                .build();
        return send(request);
    }

    private static BodyPublisher json(Object body) {
        return BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
    }

    /** Whether that is as new as that position; asks for it, and waits for as long as the ledger is patient. */
    boolean shows(String path, String token, long position) throws IOException, InterruptedException {
        HttpRequest request = request(path, token)
                .header("Ledger-Position", Long.toString(position))
                .GET()
                .build();
        return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    }

    private HttpRequest.Builder request(String path, String token) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofMinutes(30))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json");
    }

    private Answer send(HttpRequest request) throws IOException, InterruptedException {
        return required(request, http.send(request, BodyHandlers.ofString()));
    }

    private static Answer required(HttpRequest request, HttpResponse<String> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(request + " was answered " + answer.statusCode() + " " + answer.body());
        }
        return new Answer(
                JSON.readTree(answer.body()),
                answer.headers().firstValueAsLong("Ledger-Position").orElse(0));
    }
}
