package ledger.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of a ledger's HTTP interface. It waits when it is told to, sends again what got no answer (every request may be
 * repeated), and reads what it has written.
 */
final class LedgerClient {

    /** {@code key} makes a POST repeatable; {@code asks}: a refusal is an answer like another. */
    record Request(
            String method,
            String path,
            @Nullable String key,
            @Nullable Object body,
            boolean asks) {

        static Request get(String path) {
            return new Request("GET", path, null, null, false);
        }

        static Request put(String path, Object body) {
            return new Request("PUT", path, null, body, false);
        }

        static Request post(String path, @Nullable String key, Object body) {
            return new Request("POST", path, key, body, false);
        }

        static Request asking(String path, String key, Object body) {
            return new Request("POST", path, key, body, true);
        }
    }

    record Answer(int status, JsonNode body) {

        boolean isSuccess() {
            return status / 100 == 2;
        }
    }

    private static final String POSITION = "Ledger-Position";
    private static final int IN_PARALLEL = 32;
    private static final int ATTEMPTS = 100;
    private static final int BROKEN_CONNECTIONS = 3;

    private final JsonMapper json = new JsonMapper();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final Semaphore places = new Semaphore(IN_PARALLEL);
    private final AtomicLong position = new AtomicLong();
    private final String ledger;
    private final Credentials credentials;
    private volatile String token;

    LedgerClient(URI ledger, Credentials credentials) {
        this.ledger = ledger.toString().replaceAll("/+$", "");
        this.credentials = credentials;
        this.token = credentials.token(this.ledger);
    }

    /** What it shows the ledger. */
    String token() {
        return token;
    }

    /** Sends all of them, some at the same time; the answers in order. {@link CannotGoOn} when one is refused that must not be. */
    List<Answer> send(List<Request> requests) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = requests.stream()
                    .map(request -> threads.submit(() -> {
                        places.acquire();
                        try {
                            return request.asks() ? ask(request) : granted(request);
                        } finally {
                            places.release();
                        }
                    }))
                    .toList();
            List<Answer> all = new ArrayList<>();
            for (Future<Answer> answer : answers) {
                all.add(answer.get());
            }
            return all;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CannotGoOn why ? why : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** The body of the answer; {@link CannotGoOn} when it is a refusal. */
    JsonNode send(Request request) {
        return granted(request).body();
    }

    /** What a GET answers, as text; {@link CannotGoOn} when it is a refusal. */
    String text(String path) {
        try (InputStream body = open(path)) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** What a GET answers, as it arrives; {@link CannotGoOn} when it is a refusal. */
    InputStream open(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(ledger + path))
                .header("Authorization", "Bearer " + token)
                .build();
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            if (response.statusCode() == 200) {
                return response.body();
            }
            try (InputStream body = response.body()) {
                throw refused(Request.get(path), new Answer(response.statusCode(), json.readTree(body)));
            }
        } catch (IOException e) {
            throw broken(e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private Answer granted(Request request) {
        Answer answer = ask(request);
        if (!answer.isSuccess()) {
            throw refused(request, answer);
        }
        return answer;
    }

    private CannotGoOn refused(Request request, Answer answer) {
        return new CannotGoOn(request.method() + " " + ledger + request.path() + " was answered " + answer.status()
                + " "
                + answer.body().path("title").asString("") + ": "
                + answer.body().path("detail").asString("")
                + (request.body() == null || json.valueToTree(request.body()).isEmpty()
                        ? ""
                        : "\n  " + json.writeValueAsString(request.body())));
    }

    private CannotGoOn broken(IOException failure) {
        return failure instanceof ConnectException
                ? nobodyAt(ledger)
                : new CannotGoOn("the connection to " + ledger + " broke", failure);
    }

    /** Any answer but that to wait. */
    Answer ask(Request request) {
        try {
            for (int attempt = 1; ; attempt++) {
                HttpResponse<byte[]> response = exchange(request);
                if (response.statusCode() == 401 && attempt == 1) {
                    token = credentials.token(ledger); // tokens end
                    continue;
                }
                if (!asksToWait(response)) {
                    response.headers()
                            .firstValueAsLong(POSITION)
                            .ifPresent(newer -> position.accumulateAndGet(newer, Math::max));
                    return new Answer(response.statusCode(), body(response));
                }
                if (attempt == ATTEMPTS) {
                    throw new CannotGoOn("the ledger at " + ledger + " is too busy: it asked " + ATTEMPTS
                            + " times to wait (" + response.statusCode() + ")");
                }
                Thread.sleep(Duration.ofSeconds(
                        response.headers().firstValueAsLong("Retry-After").orElse(1)));
            }
        } catch (IOException e) {
            throw broken(e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** The first answer that there is, also one that says to wait. */
    Answer look(String path) {
        try {
            HttpResponse<byte[]> response = exchange(Request.get(path));
            return new Answer(response.statusCode(), body(response));
        } catch (IOException e) {
            throw broken(e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static boolean asksToWait(HttpResponse<byte[]> response) {
        return switch (response.statusCode()) {
            case 429, 503 -> true;
            // Somebody else is at it with the same key: the request of a client that was stopped meanwhile.
            case 409 -> response.headers().firstValue("Retry-After").isPresent();
            default -> false;
        };
    }

    /** A server may close a connection just when it is used again. */
    private HttpResponse<byte[]> exchange(Request request) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return http.send(http(request), BodyHandlers.ofByteArray());
            } catch (ConnectException e) {
                throw e;
            } catch (IOException e) {
                if (attempt == BROKEN_CONNECTIONS) {
                    throw e;
                }
            }
        }
    }

    private HttpRequest http(Request request) {
        BodyPublisher body = request.body() == null
                ? BodyPublishers.noBody()
                : BodyPublishers.ofByteArray(json.writeValueAsBytes(request.body()));
        HttpRequest.Builder http = HttpRequest.newBuilder(URI.create(ledger + request.path()))
                .timeout(Duration.ofMinutes(30)) // an advance of the clock fires everything that is due on the way
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, application/problem+json")
                .method(request.method(), body);
        if (request.body() != null) {
            http.header("Content-Type", "application/json");
        }
        if (request.key() != null) {
            http.header("Idempotency-Key", request.key());
        }
        if (request.method().equals("GET") && position.get() > 0) {
            http.header(POSITION, Long.toString(position.get()));
        }
        return http.build();
    }

    private JsonNode body(HttpResponse<byte[]> response) {
        boolean isJson =
                response.headers().firstValue("Content-Type").orElse("").contains("json");
        return isJson ? json.readTree(response.body()) : json.missingNode();
    }

    static CannotGoOn nobodyAt(String ledger) {
        return new CannotGoOn(
                "no ledger answers at " + ledger + ": start it with 'ledger serve', or name it with --url");
    }

    private static CannotGoOn interrupted() {
        Thread.currentThread().interrupt();
        return new CannotGoOn("interrupted");
    }
}
