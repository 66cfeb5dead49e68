package ledger.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import ledger.command.Node.Answer;
import ledger.command.store.DerivedRows;
import ledger.command.store.DerivedRows.Report;
import ledger.testing.TestDatabase;
import ledger.testing.TestIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Claims and deadlines against the events that they follow from. */
class DerivedRowsTest {

    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final JdbcClient SQL = JdbcClient.create(DATABASE.dataSource());

    private static Node node;
    private static List<String> ids;

    @BeforeAll
    static void live() {
        node = Node.on(DATABASE).selling("pro");
        ids = Stream.of("a", "b", "c", "d", "e", "f")
                .map(customer -> node.subscribe(customer, "pro", "\"reference\": \"ref-" + customer + "\"")
                        .id())
                .toList();
        node.post("/v1/subscriptions/" + ids.get(0) + "/cancellation", "{\"when\": \"NOW\"}");
        node.post("/v1/subscriptions/" + ids.get(1) + "/cancellation", "{\"when\": \"PERIOD_END\"}");
        node.post("/v1/subscriptions/" + ids.get(2) + "/pause", "{}");
        node.put("/v1/subscriptions/" + ids.get(3) + "/auto-renew", "{\"enabled\": false}");
        Node simulated = node.as(TestIssuer.shared().tokenOf("acme", "boss", "admin"));
        simulated.put("/v1/admin/clock", "{\"now\": \"2024-01-31T12:00:00Z\"}");
        simulated.selling("pro").subscribe("z", "pro", "");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void whatACommandStoresIsWhatItsEventsSay() {
        Report report = new DerivedRows(DATABASE.dataSource()).check();
        assertThat(report.subscriptions()).isEqualTo(7);
        assertThat(report.differences()).as("%s", report.items()).isZero();
        assertThat(report.position()).isPositive();
    }

    @Test
    void eachKindOfDifferenceIsFoundAndDeadlinesAreMadeAgain() {
        SQL.sql("update ledger.due set due_at = due_at + interval '1 microsecond' where stream_id = ?::uuid")
                .param(ids.get(1))
                .update();
        SQL.sql("update ledger.due set what = 'RENEWAL' where stream_id = ?::uuid")
                .param(ids.get(3))
                .update();
        SQL.sql("delete from ledger.due where stream_id = ?::uuid")
                .param(ids.get(4))
                .update();
        SQL.sql("insert into ledger.due (stream_id, tenant, due_at, what, simulated) "
                        + "values (?::uuid, 'default', now() + interval '1 day', 'EXPIRY', false)")
                .param(ids.get(0))
                .update();
        SQL.sql("insert into ledger.due (stream_id, tenant, due_at, what, simulated) "
                        + "values (gen_random_uuid(), 'default', now() + interval '1 day', 'EXPIRY', false)")
                .update();
        SQL.sql("delete from ledger.claim where stream_id = ?::uuid and scope = 'live'")
                .param(ids.get(5))
                .update();
        Answer found = node.post("/v1/admin/deadlines/check", "");
        assertThat(found.body().path("differences").asInt())
                .isEqualTo(8); // a changed row is one too many and one missing
        assertThat(found.body()
                        .path("items")
                        .valueStream()
                        .map(item -> item.path("table").asString()))
                .containsOnly("due", "claim");

        assertThat(node.post("/v1/admin/deadlines/rebuild", "").status()).isEqualTo(200);
        Report left = new DerivedRows(DATABASE.dataSource()).check();
        assertThat(left.items())
                .singleElement()
                .satisfies(claim -> assertThat(claim.derived()).isEqualTo("default live app/f"));
        SQL.sql(
                        "insert into ledger.claim (tenant, scope, key, slot, stream_id) values ('default', 'live', 'app/f', 1, ?::uuid)")
                .param(ids.get(5))
                .update();
    }

    @Test
    void aTenantSeesItsOwnDeadlinesAndTheDefaultOneAll() {
        Node theirs = node.as(TestIssuer.shared().tokenOf("acme", "boss", "admin"));
        Answer own = theirs.send("GET", "/v1/admin/deadlines", "");
        assertThat(own.body().path("due").asInt()).isEqualTo(1);
        assertThat(own.body().path("overdue").asInt()).isZero();
        assertThat(own.body().path("next").asString()).isEqualTo("2024-02-29T12:00:00Z");
        assertThat(own.body().path("lateness").path("p99").isNumber()).isTrue();
        assertThat(node.send("GET", "/v1/admin/deadlines", "")
                        .body()
                        .path("due")
                        .asInt())
                .isGreaterThan(1);
        for (String forAll : List.of("check", "rebuild")) {
            assertThat(theirs.post("/v1/admin/deadlines/" + forAll, "").code()).isEqualTo("forbidden");
        }
    }
}
