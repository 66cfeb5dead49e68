package ledger.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Objects;
import ledger.testing.TestIssuer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a node tells those who run it, on a management port of its own, and in a log that machines read. */
@ExtendWith(OutputCaptureExtension.class)
class ManagementTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static ConfigurableApplicationContext node;
    private static @Nullable TomcatWebServer management;

    @BeforeAll
    static void start(CapturedOutput log) {
        logAnew();
        node = new SpringApplicationBuilder(Shop.class)
                .listeners((ApplicationListener<WebServerInitializedEvent>) event -> {
                    if ("management".equals(event.getApplicationContext().getServerNamespace())) {
                        management = (TomcatWebServer) event.getWebServer();
                    }
                })
                .run(
                        "--spring.config.import=classpath:ledger/http/logs.properties",
                        "--LEDGER_LOG_FORMAT=json",
                        "--LEDGER_ISSUER_URI=" + TestIssuer.shared().uri(),
                        "--LEDGER_MANAGEMENT_PORT=0",
                        "--server.port=0");
    }

    @AfterAll
    static void stop() {
        node.close();
        logAnew();
    }

    /** The next application sets up its log; only the first of a process would otherwise. */
    private static void logAnew() {
        LoggingSystem.get(ManagementTest.class.getClassLoader()).cleanUp();
    }

    @Test
    void thePortIsThisMachinesAloneUnlessItIsToldOtherwise() {
        assertThat(Objects.requireNonNull(management).getTomcat().getConnector().getProperty("address"))
                .isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
    }

    @Test
    void metricsAndHealthAreForWhoeverReachesItAndTheRestForAdmins() throws Exception {
        String port = "local.management.port";
        assertThat(get(port, "/actuator/prometheus", null).statusCode()).isEqualTo(200);
        assertThat(get(port, "/actuator/health/readiness", null).statusCode()).isEqualTo(200);
        assertThat(get(port, "/actuator", null).statusCode()).isEqualTo(401);
        assertThat(get(port, "/actuator", token("auditor")).statusCode()).isEqualTo(403);
        assertThat(get(port, "/actuator", token("admin")).statusCode()).isEqualTo(200);
        assertThat(get("local.server.port", "/actuator/prometheus", token("admin"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void requestsAreCountedByEndpointAndClientsCannotMakeUpLabels() throws Exception {
        for (String made : new String[] {"/v1/made/up", "/v1/orders?limit=1", "/v1/orders/4711", "/v1/failure"}) {
            get("local.server.port", made, null);
        }
        send(HttpRequest.newBuilder(uri("local.server.port", "/v1/orders")).method("MAKEUP", BodyPublishers.noBody()));
        assertThat(get("local.management.port", "/actuator/prometheus", null).body())
                .contains(
                        counted("GET", "200", "/v1/orders"),
                        counted("GET", "404", "none"),
                        counted("GET", "404", "/v1/orders/{id}"),
                        counted("GET", "500", "/v1/failure"),
                        counted("other", "405", "none"))
                .doesNotContain("made", "MAKEUP", "4711");
    }

    @Test
    void aLogLineIsAnObjectThatSaysWhichRequestItIsAboutAndKeepsItsSecrets(CapturedOutput log) throws Exception {
        String token = token("admin");
        send(HttpRequest.newBuilder(uri("local.server.port", "/v1/failure"))
                .header("Authorization", "Bearer " + token)
                .header("X-Correlation-Id", "order-4711"));
        get("local.server.port", "/v1/failure", "not.a.token");
        JsonNode line = log.getOut()
                .lines()
                .filter(one -> one.contains("order-4711"))
                .map(new JsonMapper()::readTree)
                .findFirst()
                .orElseThrow();
        assertThat(line.path("correlationId").asString()).isEqualTo("order-4711");
        assertThat(line.path("tenant").asString()).isEqualTo("default");
        assertThat(line.path("log").path("level").asString()).isEqualTo("ERROR");
        assertThat(log.getAll()).doesNotContain(token, "not.a.token", "Bearer ");
    }

    private static String counted(String method, String status, String endpoint) {
        return "http_server_requests_seconds_count{method=\"%s\",status=\"%s\",uri=\"%s\"}"
                .formatted(method, status, endpoint);
    }

    private static String token(String role) {
        return TestIssuer.shared().token("somebody", role);
    }

    private static URI uri(String port, String path) {
        return URI.create("http://127.0.0.1:" + node.getEnvironment().getRequiredProperty(port) + path);
    }

    private static HttpResponse<String> get(String port, String path, @Nullable String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(port, path));
        return send(token == null ? request : request.header("Authorization", "Bearer " + token));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }
}
