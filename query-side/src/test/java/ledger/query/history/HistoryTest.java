package ledger.query.history;

import static ledger.query.Facts.FIRST;
import static ledger.query.Facts.MONTHLY;
import static ledger.query.Facts.SECOND;
import static ledger.query.Facts.START;
import static ledger.query.Facts.canceled;
import static ledger.query.Facts.id;
import static ledger.query.Facts.published;
import static ledger.query.Facts.renewed;
import static ledger.query.Facts.subscribed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import ledger.api.PlanEvent.Retired;
import ledger.api.PlanSlug;
import ledger.api.SubscriptionEvent.AutoRenewSet;
import ledger.api.TenantId;
import ledger.query.Ledger;
import ledger.query.Node;
import ledger.query.Node.Answer;
import ledger.testing.TestIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class HistoryTest {

    private static final TestIssuer ISSUER = TestIssuer.shared();
    private static final Ledger LEDGER = Ledger.create();
    private static final String HISTORY = "/v1/subscriptions/" + id(1) + "/history";

    private static Node node;
    private static long last;

    @BeforeAll
    static void start() {
        LEDGER.append(published("pro", MONTHLY));
        LEDGER.append(subscribed(id(1), "ann", FIRST, true), subscribed(id(2), "bob", FIRST, true));
        LEDGER.append(new AutoRenewSet(id(1), START, false), new AutoRenewSet(id(1), START, true));
        LEDGER.append(subscribed(id(3), "ann", FIRST, true), renewed(id(1), FIRST.end(), SECOND));
        LEDGER.append(canceled(id(1), SECOND.start(), "<b>\"no\"</b>"));
        LEDGER.append("acme", subscribed(id(4), "ann", FIRST, true));
        last = LEDGER.append(new Retired(new PlanSlug("pro"), START));
        node = Node.start(LEDGER);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void tellsWhatEachEventChangedWithTheViewAroundIt() {
        JsonNode items = node.get(HISTORY).json().path("items");
        assertThat(items.valueStream().map(item -> item.path("type").asString().replace("subscription.", "")))
                .containsExactly("subscribed", "auto-renew-set", "auto-renew-set", "renewed", "canceled");
        JsonNode first = items.path(0);
        assertThat(first.has("before")).isFalse();
        assertThat(first.path("payload").path("charge").path("amount").asLong()).isEqualTo(3800);
        assertThat(first.path("sentence").asString())
                .isEqualTo("Customer ann subscribed to 2 × pro (version 1, product crm) at USD 19.00 a unit and month. "
                        + "USD 38.00 is charged for period 1 from 2026-01-31T00:00:00Z to 2026-02-28T00:00:00Z; "
                        + "boundaries are every month on day 31 of the month, counted from 2026-01-31, at 00:00 in UTC "
                        + "(time zones of %s).".formatted(FIRST.tzdb()));
        JsonNode second = items.path(1);
        assertThat(second.path("before")).isEqualTo(first.path("after"));
        assertThat(second.path("changes")
                        .valueStream()
                        .map(change -> change.path("field").asString()))
                .containsExactlyInAnyOrder("autoRenew", "renewsAt", "endsAt");
        assertThat(second.path("changes").path(0).path("before").asBoolean()).isTrue();
        assertThat(second.path("version").asLong()).isEqualTo(1);
        assertThat(second.path("position").asLong()).isEqualTo(4);
        assertThat(items.path(4).path("after"))
                .isEqualTo(node.getAt(last, "/v1/subscriptions/" + id(1)).json());
    }

    @Test
    void aPageGoesOnWhereTheOneBeforeEnded() {
        List<JsonNode> pages = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = node.get(HISTORY + "?limit=2" + cursor).json();
            page.path("items").forEach(pages::add);
            cursor = page.has("nextCursor")
                    ? "&cursor=" + page.path("nextCursor").asString()
                    : "";
        } while (!cursor.isEmpty());
        assertThat(pages)
                .containsExactlyElementsOf(
                        node.get(HISTORY).json().path("items").valueStream().toList());
        assertThat(node.get("/v1/plans/pro/history?cursor=AAAA")
                        .json()
                        .path("code")
                        .asString())
                .isEqualTo("invalid-cursor");
    }

    @Test
    void aCustomersIsThatOfAllItsSubscriptionsInOrder() {
        assertThat(positions(node, "ann")).containsExactly(2L, 4L, 5L, 6L, 7L, 8L);
        assertThat(positions(node.as(ISSUER.token("ann", "customer")), "ann")).hasSize(6);
        assertThat(positions(node.as(ISSUER.token("bob", "customer")), "ann")).isEmpty();
        assertThat(positions(node.as(ISSUER.tokenOf("acme", "x", "auditor")), "ann"))
                .containsExactly(9L);
    }

    private static List<Long> positions(Node who, String customer) {
        return who.getAt(last, "/v1/customers/" + customer + "/history")
                .json()
                .path("items")
                .valueStream()
                .map(item -> item.path("position").asLong())
                .toList();
    }

    @Test
    void aPlansTellsItsVersionsAndItsEnd() {
        JsonNode items = node.get("/v1/plans/pro/history").json().path("items");
        assertThat(items.path(1)
                        .path("changes")
                        .valueStream()
                        .map(change -> change.path("field").asString()))
                .containsExactly("retired");
        assertThat(node.as(ISSUER.tokenOf("acme", "x", "auditor"))
                        .get("/v1/plans/pro/history")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void whatIsNotTheCallersIsNotThere() {
        Node bob = node.as(ISSUER.token("bob", "customer"));
        assertThat(bob.get(HISTORY).status()).isEqualTo(404);
        assertThat(bob.get(HISTORY.replace(id(1).toString(), id(2).toString())).status())
                .isEqualTo(200);
        assertThat(node.as(ISSUER.tokenOf("acme", "x", "auditor")).get(HISTORY).status())
                .isEqualTo(404);
        UUID plan = new PlanSlug("pro").streamIn(new TenantId("default"));
        assertThat(node.get("/v1/subscriptions/" + plan + "/history").status()).isEqualTo(404);
    }

    @Test
    void forPeopleItIsAPageOnWhichWhatWasSaidIsText() {
        Answer page = node.get(HISTORY + "?limit=5", Map.of("Accept", "text/html"));
        assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(page.header("Content-Security-Policy"))
                .contains("style-src 'unsafe-inline'"); // it has its style in it
        assertThat(page.response().body())
                .contains("<time>2026-02-28T00:00:00Z</time> <b>subscription.renewed</b>")
                .contains("&lt;b&gt;&quot;no&quot;&lt;/b&gt;")
                .doesNotContain("<b>\"no\"");
        assertThat(node.get(HISTORY + "?limit=1", Map.of("Accept", "text/html"))
                        .response()
                        .body())
                .contains("<a href=\"?cursor=");
    }

    @Test
    void whoLooksIsRecordedBeforeItIsAnswered() {
        Node carl = node.as(ISSUER.token("carl", "auditor"));
        long position = Long.parseLong(carl.get(HISTORY + "?limit=1").header("Ledger-Position"));
        carl.get("/v1/plans/pro/history");
        carl.get("/v1/plans/none/history");
        node.as(ISSUER.token("ann", "customer")).get(HISTORY);
        List<String> recorded = JdbcClient.create(LEDGER.database().dataSource())
                .sql(
                        "select version || ' ' || type || ' ' || payload || ' ' || (metadata ->> 'actor') from ledger.event "
                                + "where stream_type = 'audit' and metadata ->> 'actor' in ('carl', 'ann') and position > ? "
                                + "order by position")
                .param(position)
                .query((row, _) -> row.getString(1).replaceAll("\"at\":\"[^\"]*\"", "\"at\":NOW"))
                .list();
        assertThat(recorded)
                .containsExactly(
                        "0 audit.history-viewed {\"at\":NOW,\"actor\":\"carl\",\"resource\":\"" + HISTORY
                                + "\",\"parameters\":{\"limit\":\"1\"}} carl",
                        "1 audit.history-viewed {\"at\":NOW,\"actor\":\"carl\",\"resource\":\"/v1/plans/pro/history\","
                                + "\"parameters\":{}} carl");
        assertThat(node.get("/v1/statistics").status()).isEqualTo(200);
    }
}
