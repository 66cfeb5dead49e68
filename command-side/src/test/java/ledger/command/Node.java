package ledger.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.stream.Stream;
import ledger.testing.TestDatabase;
import ledger.testing.TestIssuer;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A command side on a database of a test, spoken to over HTTP as a client would. */
final class Node implements AutoCloseable {

    static final String MONTH = "{\"every\":1,\"unit\":\"MONTH\"}";

    private final ConfigurableApplicationContext context;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;
    private final String token;

    record Answer(int status, JsonNode body, HttpResponse<String> response) {
        String code() {
            return body.path("code").asString();
        }

        String id() {
            return body.path("subscriptionId").asString();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    static Node on(TestDatabase database) {
        return on(database, Clock.systemUTC());
    }

    static Node on(TestDatabase database, Clock clock) {
        return new Node(database, clock);
    }

    static Node with(String setting, TestDatabase database) {
        return new Node(database, Clock.systemUTC(), setting);
    }

    private Node(TestDatabase database, Clock clock, String... settings) {
        context = new SpringApplicationBuilder(CommandSide.class)
                .properties("spring.config.name=command-side")
                .initializers(fresh -> ((GenericApplicationContext) fresh).registerBean(Clock.class, () -> clock))
                .run(Stream.concat(
                                Stream.of(settings),
                                Stream.of(
                                        "--server.port=0",
                                        "--LEDGER_ISSUER_URI="
                                                + TestIssuer.shared().uri(),
                                        "--LEDGER_DATABASE_URL=" + database.url(),
                                        "--LEDGER_DATABASE_USER=" + database.user(),
                                        "--LEDGER_DATABASE_PASSWORD=" + database.password()))
                        .toArray(String[]::new));
        url = "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
        token = TestIssuer.shared().token("admin", "admin");
    }

    private Node(Node node, String token) {
        context = node.context;
        url = node.url;
        this.token = token;
    }

    /** The same node as somebody else speaks to it. */
    Node as(String bearer) {
        return new Node(this, bearer);
    }

    Answer post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    Answer put(String path, String body, String... headers) {
        return send("PUT", path, body, headers);
    }

    Answer send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .method(method, BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), JsonMapper.shared().readTree(response.body()), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Puts a plan on sale that costs USD 19.00 per unit and month, USD 190.00 per unit and year, USD 1.00 flat per day. */
    Node selling(String plan) {
        Answer published = post("/v1/plans", """
                {"slug": "%s", "product": "app", "name": "Plan %s", "prices": [
                    {"term": %s, "amount": {"amount": 1900, "currency": "USD"}, "per": "UNIT"},
                    {"term": {"every": 1, "unit": "YEAR"}, "amount": {"amount": 19000, "currency": "USD"}, "per": "UNIT"},
                    {"term": {"every": 1, "unit": "DAY"}, "amount": {"amount": 100, "currency": "USD"}, "per": "FLAT"}]}
                """.formatted(plan, plan, MONTH));
        if (published.status() != 201) {
            throw new IllegalStateException(published.body().toString());
        }
        return this;
    }

    /** Subscribes a customer for a month; {@code more} are further fields. */
    Answer subscribe(String customer, String plan, String more, String... headers) {
        return post(
                "/v1/subscriptions",
                "{\"customerId\": \"%s\", \"plan\": \"%s\", \"term\": %s%s}"
                        .formatted(customer, plan, MONTH, more.isEmpty() ? "" : ", " + more),
                headers);
    }

    @Override
    public void close() {
        context.close();
    }
}
