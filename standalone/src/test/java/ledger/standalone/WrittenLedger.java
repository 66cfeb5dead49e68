package ledger.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import ledger.standalone.Client.Answer;
import ledger.testing.TestDatabase;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the ledger of a version that is about to be released, for {@link UpgradeTest}: a few lives that know every event. To be
 * run once per version, with its name; what is written is never changed again.
 */
final class WrittenLedger {

    private static final List<String> TABLES = List.of("clock", "event", "claim", "due", "idempotency");
    private static final String MONTH = "{\"every\": 1, \"unit\": \"MONTH\"}";

    private final Client admin;
    private final Set<String> shown = new LinkedHashSet<>();
    private int sent;

    private WrittenLedger(Client admin) {
        this.admin = admin;
    }

    public static void main(String[] arguments) throws IOException {
        Path version = Files.createDirectories(Path.of("src/test/resources/ledgers", arguments[0]));
        TestDatabase database = TestDatabase.create();
        JdbcClient sql = JdbcClient.create(database.dataSource());
        try (RunningLedger ledger = RunningLedger.on(database)) {
            WrittenLedger written = new WrittenLedger(new Client(ledger.url(), ledger.token()));
            written.live();
            Files.write(version.resolve("views.ndjson"), written.views());
        }
        Files.writeString(
                version.resolve("schema"),
                text(sql, "select version from ledger.flyway_schema_history order by installed_rank desc limit 1")
                        + "\n");
        Files.write(
                version.resolve("types"),
                sql.sql("select distinct type from ledger.event order by type")
                        .query(String.class)
                        .list());
        Files.write(version.resolve("ledger.sql"), inserts(sql));
    }

    private void live() {
        send("PUT", "/v1/admin/clock", "{\"now\": \"2024-01-31T12:00:00Z\"}");
        send("PUT", "/v1/products/app/policy", "{\"maxLivePerCustomer\": 3}");
        for (String plan : List.of("seats", "flat", "gone")) {
            send("POST", "/v1/plans", "{\"slug\": \"" + plan + "\", " + terms(plan, 1900));
        }
        send("POST", "/v1/plans/seats/versions", "{" + terms("seats", 2100));
        send("POST", "/v1/plans/gone/retirement", "");
        shown.addAll(List.of("/v1/plans/seats", "/v1/plans/seats/versions/1", "/v1/plans/gone"));

        String busy = subscribe("busy", ", \"quantity\": 2, \"trialDays\": 14, \"zone\": \"Europe/Berlin\"");
        String expiring = subscribe("expiring", "");
        String canceled = subscribe("canceled", ", \"autoRenew\": true");
        String ahead = subscribe("ahead", "");
        send("POST", busy + "/usage", "{\"metric\": \"calls\", \"quantity\": 7}");
        send("POST", busy + "/usage", "{\"metric\": \"disks\", \"quantity\": 3}");
        send("POST", busy + "/quantity-change", "{\"quantity\": 5}");
        send("PUT", expiring + "/auto-renew", "{\"enabled\": false}");
        send("PUT", ahead + "/auto-renew", "{\"enabled\": false}");
        send("POST", ahead + "/renewal", "");
        send("POST", canceled + "/cancellation", "{\"when\": \"PERIOD_END\", \"reason\": \"moving\"}");
        send("DELETE", canceled + "/cancellation", "");
        advance("2024-03-10T00:00:00Z");
        send("POST", busy + "/plan-change", "{\"plan\": \"flat\", \"when\": \"NOW\"}");
        send("POST", busy + "/plan-change", "{\"plan\": \"seats\", \"when\": \"PERIOD_END\"}");
        send("DELETE", busy + "/plan-change", "");
        send("POST", busy + "/pause", "{}");
        advance("2024-03-20T00:00:00Z");
        send("POST", busy + "/resumption", "");
        send("POST", canceled + "/cancellation", "{\"when\": \"NOW\"}");
        shown.add("/v1/subscriptions/" + busy.substring(busy.lastIndexOf('/') + 1) + "/limits");
        shown.add("/v1/statistics");
    }

    private static String terms(String name, int amount) {
        return """
               "product": "app", "name": "%s", "trialDays": 0, "prices": [
                   {"term": %s, "amount": {"amount": %d, "currency": "EUR"}, "per": "UNIT"}],
               "limits": [{"metric": "calls", "max": 100, "kind": "PER_PERIOD", "mode": "HARD"},
                   {"metric": "disks", "max": 5, "kind": "ALLOCATION", "mode": "SOFT"}]}""".formatted(name, MONTH, amount);
    }

    private String subscribe(String customer, String more) {
        Answer answer = send(
                "POST",
                "/v1/subscriptions",
                "{\"customerId\": \"%s\", \"plan\": \"seats\", \"term\": %s%s}".formatted(customer, MONTH, more));
        String path = "/v1/subscriptions/" + answer.text("subscriptionId");
        shown.add(path);
        return path;
    }

    private void advance(String to) {
        send("POST", "/v1/admin/clock/advance", "{\"to\": \"" + to + "\"}");
    }

    private Answer send(String method, String path, String body) {
        String[] headers = method.equals("POST") && !path.endsWith("/advance")
                ? new String[] {"Idempotency-Key", "key-" + ++sent}
                : new String[0];
        Answer answer = admin.send(method, path, body, headers);
        if (answer.status() / 100 != 2) {
            throw new IllegalStateException(method + " " + path + ": " + answer.body());
        }
        return answer;
    }

    private List<String> views() {
        JsonMapper json = new JsonMapper();
        long position = admin.get("/v1/statistics").body().path("position").asLong();
        List<String> views = new ArrayList<>();
        for (String path : shown) {
            Answer answer = admin.send("GET", path, "", "Ledger-Position", Long.toString(position));
            views.add("{\"path\":\"%s\",\"body\":%s}".formatted(path, json.writeValueAsString(answer.body())));
        }
        return views;
    }

    private static List<String> inserts(JdbcClient sql) {
        List<String> inserts = new ArrayList<>();
        for (String table : TABLES) {
            String columns = text(sql, """
                    select string_agg(quote_ident(column_name), ', ' order by ordinal_position) from information_schema.columns
                    where table_schema = 'ledger' and table_name = '%s'""".formatted(table));
            String values = text(sql, """
                    select string_agg('quote_nullable(' || quote_ident(column_name) || '::text)', ' || '', '' || '
                        order by ordinal_position) from information_schema.columns
                    where table_schema = 'ledger' and table_name = '%s'""".formatted(table));
            sql.sql("select 'insert into ledger.%s (%s) values (' || %s || ');' from ledger.%s order by 1"
                            .formatted(table, columns, values, table))
                    .query(String.class)
                    .list()
                    .forEach(inserts::add);
        }
        return inserts;
    }

    private static String text(JdbcClient sql, String question) {
        return sql.sql(question).query(String.class).single();
    }
}
