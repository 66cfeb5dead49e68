package ledger.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import ledger.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request is one trace, from its client to the views. */
class TracesTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CLIENT = "00f067aa0ba902b7";

    private final List<Span> spans = new CopyOnWriteArrayList<>();

    @Test
    void leadsFromTheRequestThroughTheAppendToTheViews(@TempDir Path data) throws IOException {
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", this::collect);
        collector.start();
        System.setProperty(
                "LEDGER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + collector.getAddress().getPort());
        try (RunningLedger ledger = RunningLedger.on(TestDatabase.create(), data)) {
            createPlan(ledger);

            Span request = awaitSpan("POST /v1/plans");
            Span command = awaitSpan("command publish");
            Span append = awaitSpan("append");
            Span view = awaitSpan("view plan");
            assertThat(hex(request.getParentSpanId().toByteArray())).isEqualTo(CLIENT);
            assertThat(List.of(command, append, view))
                    .allSatisfy(span -> assertThat(span.getParentSpanId()).isEqualTo(request.getSpanId()));
            assertThat(append.getEndTimeUnixNano()).isLessThanOrEqualTo(command.getEndTimeUnixNano());
            assertThat(position(view)).isEqualTo(position(command));
        } finally {
            System.clearProperty("LEDGER_OTLP_ENDPOINT");
            collector.stop(0);
        }
    }

    private static void createPlan(RunningLedger ledger) {
        Client.Answer created = new Client(ledger.url(), ledger.token())
                .send("POST", "/v1/plans", """
                        {"slug": "traced", "product": "traced", "name": "Traced", "prices": [{"term": {"every": 1, "unit": "MONTH"},
                            "amount": {"amount": 1900, "currency": "USD"}, "per": "UNIT"}]}
                        """, "traceparent", "00-" + TRACE + "-" + CLIENT + "-01");
        assertThat(created.status()).isEqualTo(201);
    }

    private void collect(HttpExchange exchange) throws IOException {
        ExportTraceServiceRequest sent = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
        sent.getResourceSpansList()
                .forEach(resource -> resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    /** The one of that name in the client's trace. */
    private Span awaitSpan(String name) {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> spans.stream()
                                .filter(span ->
                                        hex(span.getTraceId().toByteArray()).equals(TRACE))
                                .filter(span -> span.getName().equals(name))
                                .findAny(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static long position(Span span) {
        return span.getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals("ledger.position"))
                .findAny()
                .orElseThrow()
                .getValue()
                .getIntValue();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
