package ledger.query;

import static ledger.query.Facts.FIRST;
import static ledger.query.Facts.MONTHLY;
import static ledger.query.Facts.id;
import static ledger.query.Facts.published;
import static ledger.query.Facts.subscribed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import javax.sql.DataSource;
import ledger.query.Node.Answer;
import ledger.testing.TestIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Whose rows a caller sees: those of its tenant; and a customer of those, its own. */
class TenantsTest {

    private static final TestIssuer ISSUER = TestIssuer.shared();
    private static final Ledger LEDGER = Ledger.create();

    private static Node node;
    private static long last;

    @BeforeAll
    static void start() {
        LEDGER.append("default", published("pro", MONTHLY));
        LEDGER.append("default", subscribed(id(1), "ann", FIRST, true));
        LEDGER.append("default", subscribed(id(2), "bob", FIRST, true));
        LEDGER.append("default", subscribed(id(3), "ann", FIRST, true));
        LEDGER.append("acme", published("theirs", MONTHLY));
        last = LEDGER.append("acme", subscribed(id(4), "ann", FIRST, true));
        node = Node.start(LEDGER);
        node.getAt(last, "/v1/subscriptions");
        node.getAt(last, "/v1/plans");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void whatIsNotTheCallersIsAnsweredExactlyLikeWhatNobodyHas() {
        Node ann = node.as(ISSUER.token("ann", "customer"));
        Node acme = node.as(ISSUER.tokenOf("acme", "boss", "admin", "auditor"));
        assertThat(ann.get("/v1/subscriptions/" + id(1)).status()).isEqualTo(200);
        assertThat(told(ann, 2)).isEqualTo(told(ann, 99)).contains("subscription-not-found");
        assertThat(told(ann, 4)).isEqualTo(told(ann, 99));
        assertThat(told(acme, 1)).isEqualTo(told(acme, 99)).contains("subscription-not-found");
        assertThat(acme.get("/v1/subscriptions/" + id(4)).status()).isEqualTo(200);
    }

    private static String told(Node who, long number) {
        Answer answer = who.get("/v1/subscriptions/" + id(number));
        return (answer.status() + " " + answer.response().headers().map().keySet() + " " + answer.json())
                .replace(id(number).toString(), "ID");
    }

    @Test
    void listsShowTheCallersOwnWhateverTheyAreAskedFor() {
        Node ann = node.as(ISSUER.token("ann", "customer"));
        assertThat(ids(ann, "")).containsExactly(id(1).toString(), id(3).toString());
        assertThat(ids(ann, "?customerId=ann")).hasSize(2);
        assertThat(ids(ann, "?customerId=bob")).isEmpty();
        assertThat(ids(ann, "?status=CANCELED")).isEmpty();
        assertThat(ids(node.as(ISSUER.tokenOf("acme", "ann", "customer")), "")).containsExactly(id(4).toString());
        assertThat(ids(node.as(ISSUER.token("c", "auditor")), "")).hasSize(3);
    }

    @Test
    void aCursorOfSomebodyElseLeadsThroughOnesOwn() {
        String cursor =
                node.get("/v1/subscriptions?limit=1").json().path("nextCursor").asString();
        assertThat(ids(node.as(ISSUER.token("bob", "customer")), "?cursor=" + cursor))
                .containsExactly(id(2).toString());
        assertThat(ids(node.as(ISSUER.tokenOf("acme", "x", "operator")), "?cursor=" + cursor))
                .containsExactly(id(4).toString());
    }

    @Test
    void theCatalogueIsTheTenantsAndWithoutATokenThatOfTheDefaultOne() {
        assertThat(node.as(ISSUER.tokenOf("acme", "x")).get("/v1/plans/pro").status())
                .isEqualTo(404);
        assertThat(node.as(ISSUER.tokenOf("acme", "x")).get("/v1/plans/theirs").status())
                .isEqualTo(200);
        assertThat(node.get("/v1/plans/theirs").status()).isEqualTo(404);
        assertThat(node.as(ISSUER.tokenOf("empty", "x", "auditor"))
                        .get("/v1/statistics")
                        .json()
                        .path("events")
                        .isEmpty())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"subscription", "plan", "plan_version", "total"})
    void aQueryThatForgotItsTenantShowsNothing(String table) {
        JdbcClient reader = JdbcClient.create(node.bean(DataSource.class));
        String all = "select count(*) from " + table;
        assertThat(reader.sql(all).query(Long.class).single())
                .as("of nobody's rows")
                .isZero();
        assertThatThrownBy(() -> reader.sql("delete from " + table).update())
                .isInstanceOf(DataAccessException.class)
                .rootCause()
                .hasMessageContaining("permission denied");
        List<String> seen = new TransactionTemplate(new JdbcTransactionManager(node.bean(DataSource.class)))
                .execute(_ -> {
                    reader.sql("set local ledger.tenant = 'acme'").update();
                    return reader.sql("select tenant from " + table)
                            .query((row, _) -> String.valueOf(row.getString(1)))
                            .list();
                });
        assertThat(seen).isNotEmpty().containsOnly("acme");
    }

    @Test
    void everyTableWithATenantIsGuarded() {
        List<String> open = JdbcClient.create(LEDGER.database().dataSource())
                .sql("""
                        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant'
                        where c.relnamespace::regnamespace::text like 'views%' and c.relkind = 'r' and not c.relrowsecurity
                        """)
                .query((row, _) -> String.valueOf(row.getString(1)))
                .list();
        assertThat(open).isEmpty();
        assertThat(
                        LEDGER.count(
                                "select count(*) from pg_class where relnamespace::regnamespace::text like 'views%' and relrowsecurity"))
                .isEqualTo(7);
    }

    private static List<String> ids(Node who, String query) {
        return who.get("/v1/subscriptions" + query)
                .json()
                .path("items")
                .valueStream()
                .map(item -> item.path("subscriptionId").asString())
                .toList();
    }
}
