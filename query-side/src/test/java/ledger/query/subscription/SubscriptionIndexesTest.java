package ledger.query.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import ledger.query.Ledger;
import ledger.query.Node;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Among a million subscriptions, every filter and order is answered through an index: the server tells what it did. */
class SubscriptionIndexesTest {

    private static final int MOST_ROWS = 20_000;
    private static final Logger SERVER = (Logger) LoggerFactory.getLogger("org.hibernate.orm.jdbc.warn");
    private static final ListAppender<ILoggingEvent> SAID = new ListAppender<>();
    private static Node node;

    @BeforeAll
    static void a_million() {
        Ledger ledger = Ledger.create();
        node = Node.start(
                ledger,
                "--spring.datasource.hikari.connection-init-sql=load 'auto_explain'; "
                        + "set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on; "
                        + "set auto_explain.log_format = json; set client_min_messages = log; set role ledger_query",
                "--spring.jpa.properties.hibernate.jdbc.log.warnings=true");
        assertThat(node.get("/v1/subscriptions").status()).isEqualTo(200);
        SERVER.setAdditive(false);
        SERVER.addAppender(SAID);
        SAID.start();
        ledger.execute("""
                do $$
                declare i record;
                begin
                    create temp table indexes on commit drop as select indexname, indexdef from pg_indexes
                    where schemaname = 'views_subscription_2' and tablename = 'subscription' and indexname <> 'subscription_pkey';
                    for i in select * from indexes loop
                        execute 'drop index views_subscription_2.' || i.indexname;
                    end loop;
                    insert into views_subscription_2.subscription
                    select case when n % 10 = 0 then 'other' else 'default' end, md5(n::text)::uuid, 'customer-' || n % 200000,
                        'reference-' || n, 'product-' || n % 3, 'plan-' || n % 21, status,
                        status in ('TRIALING', 'ACTIVE', 'PAUSED'), n % 13 <> 0, n % 17 = 0, now() - n * interval '1 minute',
                        now() + (n::bigint * 7919 % 525600) * interval '1 minute',
                        case when status = 'ACTIVE' and n % 13 = 0 then now() + n * interval '1 second' end,
                        now(), now(), now(), now(), 0,
                        json_build_object('subscriptionId', md5(n::text)::uuid, 'startedAt', '2026-01-01T00:00:00Z', 'currentPeriod',
                            json_build_object('number', 1, 'start', '2026-01-01T00:00:00Z', 'end', '2026-02-01T00:00:00Z'),
                            'status', status, 'planVersion', 1, 'quantity', 1, 'autoRenew', true, 'cancelAtPeriodEnd', false,
                            'version', 0)
                    from generate_series(1, 1000000) n, lateral (select case n % 11 when 0 then 'TRIALING' when 1 then 'PAUSED'
                        when 2 then 'CANCELED' when 3 then 'EXPIRED' else 'ACTIVE' end status) s;
                    for i in select * from indexes loop
                        execute i.indexdef;
                    end loop;
                end $$""");
        ledger.execute("vacuum analyze views_subscription_2.subscription");
    }

    @AfterAll
    static void stop() {
        SERVER.detachAppender(SAID);
        SERVER.setAdditive(true);
        node.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "customerId=customer-77",
                "reference=reference-77",
                "product=product-1",
                "plan=plan-1",
                "status=ACTIVE",
                "status=CANCELED",
                "status=EXPIRED",
                "autoRenew=true",
                "autoRenew=false",
                "endsBefore=2999-01-01T00:00:00Z",
                "endsAfter=2000-01-01T00:00:00Z",
                "endsAfter=2000-01-01T00:00:00Z&endsBefore=2999-01-01T00:00:00Z&status=PAUSED",
                "sort=startedAt",
                "sort=-startedAt",
                "sort=periodEnd",
                "sort=-periodEnd",
                "product=product-1&sort=-startedAt",
                "plan=plan-1&status=ACTIVE&sort=periodEnd",
                "status=CANCELED&sort=-startedAt",
                "customerId=customer-77&status=ACTIVE&autoRenew=true&sort=-periodEnd",
            })
    void a_page_costs_no_more_than_it_shows(String query) {
        SAID.list.clear();
        String second = first(query);
        for (int i = 0; i < 12; i++) { // by then the driver and the server have settled on their plans
            first(query);
        }
        if (!second.isEmpty()) {
            assertThat(node.get("/v1/subscriptions?" + query + "&cursor=" + second)
                            .status())
                    .isEqualTo(200);
        }
        List<JsonNode> plans = plans();
        assertThat(plans).isNotEmpty();
        plans.forEach(plan -> check(plan, plan));
    }

    private static String first(String query) {
        Node.Answer answer = node.get("/v1/subscriptions?" + query);
        assertThat(answer.status()).isEqualTo(200);
        return answer.json().path("nextCursor").asString("");
    }

    private static void check(JsonNode step, JsonNode whole) {
        boolean ofSubscriptions = step.path("Relation Name").asString("").equals("subscription");
        assertThat(ofSubscriptions && step.path("Node Type").asString().equals("Seq Scan"))
                .as(whole.toPrettyString())
                .isFalse();
        double rows = step.path("Actual Rows").asDouble(0)
                + step.path("Rows Removed by Filter").asDouble(0);
        assertThat(rows).as(whole.toPrettyString()).isLessThan(MOST_ROWS);
        step.path("Plans").forEach(part -> check(part, whole));
    }

    private static List<JsonNode> plans() {
        return SAID.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(said -> said.contains("plan:") && said.contains("\"subscription\""))
                .map(said -> JsonMapper.shared()
                        .readTree(said.substring(said.indexOf('{')))
                        .path("Plan"))
                .toList();
    }
}
