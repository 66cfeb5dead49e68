package ledger.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import ledger.issuer.AdminClient;
import ledger.standalone.BothSides.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is told to stop while it is hammered. */
class ShutdownTest {

    private static final int CLIENTS = 16;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final Set<Integer> refusals = ConcurrentHashMap.newKeySet();

    @Test
    void whatIsAnsweredIsStoredAndWhatIsNotAnsweredIsNot(@TempDir Path data) throws Exception {
        int port = ServeTest.freePort();
        Process node = ServeTest.start(data, port, Map.of("LEDGER_DRAIN_SECONDS", "5"));
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                ServeTest.untilReady(node);
                Client admin = admin("http://localhost:" + port, data);
                sell(admin);
                for (int i = 0; i < CLIENTS; i++) {
                    clients.submit(() -> hammer(admin, node));
                }
                await().atMost(PATIENCE).until(() -> answered.size() > 200);
                node.destroy();
                await().atMost(PATIENCE)
                        .until(() -> admin.get("/actuator/health/readiness").status() == 503);
                int before = answered.size();
                await("it goes on serving when it is not ready any more")
                        .atMost(PATIENCE)
                        .until(() -> answered.size() > before);
                assertThat(node.waitFor(1, TimeUnit.MINUTES)).isTrue();
            } finally {
                node.destroyForcibly(); // what hammers it ends with it
            }
        }
        assertThat(refusals).isSubsetOf(Set.of(503));
        assertThat(stored(data)).isEqualTo(answered);
    }

    private static void sell(Client admin) {
        assertThat(admin.post("/v1/plans", """
                                {"slug": "pro", "name": "Pro", "prices": [{"term": {"every": 1, "unit": "MONTH"},
                                    "amount": {"amount": 1900, "currency": "USD"}, "per": "FLAT"}]}""").status()).isEqualTo(201);
    }

    /** New subscriptions, each with a reference of its own, until nobody is there any more. */
    private void hammer(Client admin, Process node) {
        while (node.isAlive()) {
            String reference = UUID.randomUUID().toString();
            try {
                int status = admin.post("/v1/subscriptions", """
                                {"customerId": "%1$s", "plan": "pro", "term": {"every": 1, "unit": "MONTH"}, "reference": "%1$s"}
                                """.formatted(reference))
                        .status();
                if (status == 201) {
                    answered.add(reference);
                } else {
                    refusals.add(status);
                }
            } catch (IllegalStateException unanswered) {
                Thread.yield(); // there was no connection, or it ended before an answer
            }
        }
    }

    private static Client admin(String url, Path data) {
        var token = RunningLedger.execute(
                "token", "--url", url, "--admin-client", AdminClient.in(data).toString());
        assertThat(token.code()).as(token.output()).isZero();
        return new Client(url, token.output());
    }

    private static Set<String> stored(Path data) throws Exception {
        try (DataDirectory directory = DataDirectory.hold(data);
                EmbeddedServer server = EmbeddedServer.start(directory)) {
            Database database = server.database();
            try (var connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                    var statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "select payload ->> 'reference' from ledger.event where type = 'subscription.subscribed'")) {
                Set<String> references = new HashSet<>();
                while (rows.next()) {
                    references.add(rows.getString(1));
                }
                return references;
            }
        }
    }
}
