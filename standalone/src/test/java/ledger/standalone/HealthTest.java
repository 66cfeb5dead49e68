package ledger.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import ledger.standalone.Client.Answer;
import ledger.testing.DurableServer;
import ledger.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Health that says what is wrong: to everybody which part, to admins why. */
class HealthTest {

    @Test
    void itIsNotReadyWhileItsDatabaseIsAwayAndSaysWhatDoesNotGoOn() throws Exception {
        try (DurableServer server = DurableServer.start()) {
            TestDatabase database = server.createDatabase();
            try (RunningLedger ledger = RunningLedger.on(database)) {
                Client everybody = new Client(ledger.url(), null);
                Client admin = everybody.as(ledger.token());
                await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> isUp(everybody, "readiness"));
                isUp(everybody, "work");

                JdbcClient.create(database.dataSource()).sql("""
                                insert into ledger.due (stream_id, tenant, due_at, what, simulated, leased_until)
                                values (gen_random_uuid(), 'default', now() - interval '2 minutes', 'RENEWAL', false, 'infinity')
                                """).update();
                Answer late = everybody.get("/actuator/health/work");
                assertThat(late.status()).isEqualTo(503);
                assertThat(status(late, "deadlines")).isEqualTo("DOWN");
                assertThat(status(late, "projections")).isEqualTo("UP");
                assertThat(late.body().findValue("details")).isNull();
                assertThat(admin.get("/actuator/health/work")
                                .body()
                                .at("/components/deadlines/details/lateSeconds")
                                .asLong())
                        .isGreaterThanOrEqualTo(120);
                assertThat(metric(admin, "ledger_deadline_overdue_seconds")).isGreaterThanOrEqualTo(120);
                assertThat(ledger.run("status"))
                        .satisfies(said -> assertThat(said.code()).isEqualTo(3))
                        .satisfies(said -> assertThat(said.output()).contains("is not well", "deadlines      DOWN"));
                isUp(everybody, "readiness");

                server.stopImmediately();
                Instant asked = Instant.now();
                Answer away = everybody.get("/actuator/health/readiness");
                assertThat(away.status()).isEqualTo(503);
                assertThat(status(away, "ledger")).isEqualTo("DOWN");
                assertThat(status(away, "views")).isEqualTo("DOWN");
                assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(10));
                assertThat(away.body().findValue("details")).isNull();
                assertThat(admin.get("/actuator/health/readiness")
                                .body()
                                .at("/components/ledger/details/error")
                                .asString())
                        .isNotEmpty();
                assertThat(metric(admin, "ledger_deadline_overdue_seconds")).isNaN();
                isUp(everybody, "liveness");

                server.restart();
                await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> isUp(everybody, "readiness"));
            }
        }
    }

    private static void isUp(Client client, String group) {
        Answer answer = client.get("/actuator/health/" + group);
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
    }

    private static String status(Answer health, String component) {
        return health.body().at("/components/" + component + "/status").asString();
    }

    private static double metric(Client admin, String name) {
        return admin.get("/actuator/prometheus")
                .response()
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow();
    }
}
