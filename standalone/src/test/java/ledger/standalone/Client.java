package ledger.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who speaks to a ledger, with a token or without. */
record Client(String url, @Nullable String token, HttpClient http) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    Client(String url, @Nullable String token) {
        this(url, token, HTTP);
    }

    record Answer(int status, JsonNode body, HttpResponse<String> response) {

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String text(String field) {
            return body.path(field).asString("");
        }
    }

    Client as(@Nullable String bearer) {
        return new Client(url, bearer, http);
    }

    /** The same from another address of this machine, such as 127.0.0.2. */
    Client from(String address) {
        InetAddress local = InetAddress.ofLiteral(address);
        return new Client(
                url, token, HttpClient.newBuilder().localAddress(local).build());
    }

    Answer get(String path) {
        return send("GET", path, "");
    }

    Answer post(String path, String body) {
        return send("POST", path, body);
    }

    Answer send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        boolean isForm = body.startsWith("grant_type=");
        if (!body.isEmpty()) {
            request.header("Content-Type", isForm ? "application/x-www-form-urlencoded" : "application/json");
        }
        if (token != null) {
            request.header("Authorization", token.startsWith("Basic ") ? token : "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            boolean isJson = answer.headers()
                    .firstValue("Content-Type")
                    .orElse("")
                    .matches("application/([a-z0-9.-]+\\+)?json.*");
            return new Answer(answer.statusCode(), isJson ? JSON.readTree(answer.body()) : JSON.missingNode(), answer);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
