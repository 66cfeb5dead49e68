package ledger.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ledger.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the two sides say of the same subscription, and what the README says of both. */
class BothSidesTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    private static RunningLedger ledger;

    @BeforeAll
    static void start() throws Exception {
        ledger = RunningLedger.on(TestDatabase.create());
        assertThat(send("PUT", "/v1/admin/clock", "{\"now\": \"2024-01-31T12:00:00Z\"}")
                        .statusCode())
                .isEqualTo(200);
        for (String plan : new String[] {"small", "large"}) {
            assertThat(send("POST", "/v1/plans", """
                            {"slug": "%s", "product": "story", "name": "%s", "prices": [
                                {"term": {"every": 1, "unit": "MONTH"}, "amount": {"amount": %d, "currency": "USD"}, "per": "UNIT"},
                                {"term": {"every": 1, "unit": "YEAR"}, "amount": {"amount": %d, "currency": "USD"}, "per": "UNIT"}],
                             "limits": [{"metric": "calls", "max": 100, "kind": "PER_PERIOD", "mode": "HARD"},
                                {"metric": "seats", "max": 5, "kind": "ALLOCATION", "mode": "SOFT"}]}
                            """.formatted(plan, plan, plan.length() * 1000, plan.length() * 10000))
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    /** Each line: what happens next to a subscription, or to the clock. */
    private static final String STORY = """
            POST quantity-change {"quantity": 3}
            POST plan-change {"plan": "large", "when": "NOW"}
            POST plan-change {"plan": "small", "term": {"every": 1, "unit": "YEAR"}, "when": "PERIOD_END"}
            DELETE plan-change
            POST plan-change {"plan": "small", "term": {"every": 1, "unit": "YEAR"}, "when": "PERIOD_END"}
            POST pause {"resumeAt": "2024-03-01T00:00:00Z"}
            ADVANCE 2024-03-05T00:00:00Z
            POST cancellation {"when": "PERIOD_END", "reason": "moving"}
            DELETE cancellation
            ADVANCE 2024-06-01T00:00:00Z
            PUT auto-renew {"enabled": false}
            POST renewal
            ADVANCE 2025-06-01T00:00:00Z
            ADVANCE 2027-01-01T00:00:00Z
            POST renewal
            POST cancellation {"when": "NOW", "reason": "enough"}
            POST cancellation {"when": "NOW"}
            """;

    @Test
    void aCommandAnswersWhatAQueryAnswersOnceItHasSeenIt() throws Exception {
        HttpResponse<String> subscribed = send("POST", "/v1/subscriptions", """
                {"customerId": "hero", "plan": "small", "term": {"every": 1, "unit": "MONTH"}, "quantity": 2, "trialDays": 14,
                 "zone": "Europe/Berlin", "reference": "story-1"}""");
        assertThat(subscribed.statusCode()).isEqualTo(201);
        String path = subscribed.headers().firstValue("Location").orElseThrow();
        assertSame(path, subscribed);
        for (String line : STORY.lines().toList()) {
            String[] step = line.split(" ", 3);
            if (step[0].equals("ADVANCE")) {
                assertThat(send("POST", "/v1/admin/clock/advance", "{\"to\": \"" + step[1] + "\"}")
                                .statusCode())
                        .isEqualTo(200);
            } else {
                assertSame(path, send(step[0], path + "/" + step[1], step.length == 3 ? step[2] : ""));
            }
        }
        assertThat(JSON.readTree(get(path, "0").body()).path("status").asString())
                .isEqualTo("CANCELED");
    }

    @Test
    void whatIsUsedIsSeenInLimitsAndDecidesAccess() throws Exception {
        String path = send("POST", "/v1/subscriptions", """
                        {"customerId": "user", "plan": "small", "term": {"every": 1, "unit": "MONTH"}}""")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        String access = "/v1/customers/user/access?product=story&metric=calls";
        assertAccess(access, send("POST", path + "/usage", "{\"metric\": \"calls\", \"quantity\": 60}"), "GRANTED", 40);
        assertAccess(
                access,
                send("POST", path + "/usage", "{\"metric\": \"calls\", \"quantity\": 40}"),
                "LIMIT_EXCEEDED",
                0);

        HttpResponse<String> seats = send("POST", path + "/usage", "{\"metric\": \"seats\", \"quantity\": 6}");
        JsonNode limits =
                JSON.readTree(get(path + "/limits", position(seats)).body()).path("items");
        assertThat(limits.path(0).path("used").asLong()).isEqualTo(100);
        assertThat(limits.path(1)).isEqualTo(JSON.readTree(seats.body()));
        assertThat(limits.path(1).path("exceeded").asBoolean()).isTrue();

        HttpResponse<String> paused = send("POST", path + "/pause", "");
        assertThat(reason(access, position(paused))).isEqualTo("SUBSCRIPTION_PAUSED");
        HttpResponse<String> ended = send("POST", path + "/cancellation", "{\"when\": \"NOW\"}");
        assertThat(reason(access, position(ended))).isEqualTo("NO_LIVE_SUBSCRIPTION");
        assertThat(reason("/v1/customers/nobody/access", "0")).isEqualTo("NO_LIVE_SUBSCRIPTION");
    }

    @Test
    void theWalkOfTheReadmeWorksAsItStandsThere(@TempDir Path directory) throws Exception {
        String readme = Files.readString(Path.of("../README.md"));
        Matcher walk = Pattern.compile("## One subscription, step by step.*?```sh\n(.*?)```", Pattern.DOTALL)
                .matcher(readme);
        assertThat(walk.find()).isTrue();
        try (RunningLedger fresh = RunningLedger.on(TestDatabase.create())) {
            Path script = Files.writeString(
                    directory.resolve("walk.sh"), walk.group(1).replace("http://localhost:8080", fresh.url()));
            Path output = directory.resolve("output");
            ProcessBuilder bash = new ProcessBuilder("bash", "-euo", "pipefail", script.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            bash.environment().put("LEDGER_DATA", fresh.data().toString());
            Process shell = bash.start();
            assertThat(shell.waitFor(2, TimeUnit.MINUTES)).isTrue();
            String said = Files.readString(output);
            assertThat(shell.exitValue()).as(said).isZero();
            assertThat(said.lines().toList().getLast()).contains("\"subscription.canceled\":1", "\"usage.recorded\":1");
        }
    }

    private static void assertSame(String path, HttpResponse<String> command) throws Exception {
        assertThat(command.statusCode()).as(command.body()).isBetween(200, 201);
        HttpResponse<String> query = get(path, position(command));
        assertThat(JSON.readTree(query.body())).isEqualTo(JSON.readTree(command.body()));
        assertThat(query.headers().firstValue("ETag"))
                .isEqualTo(command.headers().firstValue("ETag"));
    }

    private static void assertAccess(String path, HttpResponse<String> command, String reason, long remaining)
            throws Exception {
        JsonNode access = JSON.readTree(get(path, position(command)).body());
        assertThat(access.path("reason").asString()).isEqualTo(reason);
        assertThat(access.path("allowed").asBoolean()).isEqualTo(reason.equals("GRANTED"));
        assertThat(access.path("limit").path("remaining").asLong()).isEqualTo(remaining);
    }

    private static String reason(String path, String position) throws Exception {
        return JSON.readTree(get(path, position).body()).path("reason").asString();
    }

    private static String position(HttpResponse<String> command) {
        return command.headers().firstValue("Ledger-Position").orElseThrow();
    }

    private static HttpResponse<String> get(String path, String position) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(ledger.url() + path))
                .header("Authorization", ledger.asAdmin())
                .header("Ledger-Position", position)
                .build();
        HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private static HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(ledger.url() + path))
                .header("Authorization", ledger.asAdmin())
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }
}
