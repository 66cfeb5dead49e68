package ledger.crash;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import ledger.crash.Exchange.Reply;
import ledger.crash.Exchange.Request;
import ledger.testing.TestIssuer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Carries requests to nodes, as an operator's. */
final class Courier implements AutoCloseable {

    /** Of a client who has others to ask. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final String token = TestIssuer.shared().token("admin", "admin");

    /** What the node answered, or null if it did not. */
    @Nullable
    Reply send(URI node, Request request) {
        HttpRequest.Builder sent = to(node, request.path())
                .method(request.method(), BodyPublishers.ofString(request.body()))
                .header("Content-Type", "application/json")
                .header("X-Correlation-Id", request.id());
        if (request.keyed()) {
            sent.header("Idempotency-Key", request.id());
        }
        if (request.expected() != null) {
            sent.header("If-Match", "\"" + request.expected() + "\"");
        }
        return send(sent);
    }

    /** What a view shows that has passed a position, or null if there was no answer. */
    @Nullable
    Reply look(URI node, String path, String position) {
        return send(to(node, path).header("Ledger-Position", position));
    }

    private HttpRequest.Builder to(URI node, String path) {
        return HttpRequest.newBuilder(node.resolve(path)).timeout(PATIENCE).header("Authorization", "Bearer " + token);
    }

    private @Nullable Reply send(HttpRequest.Builder request) {
        try {
            return reply(http.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException _) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static Reply reply(HttpResponse<String> response) {
        String code = response.statusCode() < 400
                ? ""
                : JsonMapper.shared().readTree(response.body()).path("code").asString("");
        return new Reply(
                response.statusCode(),
                code,
                response.body(),
                header(response, "ETag"),
                header(response, "Ledger-Position"),
                header(response, "Location"));
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
