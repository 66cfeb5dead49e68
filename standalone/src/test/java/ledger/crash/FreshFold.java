package ledger.crash;

import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import ledger.query.QuerySide;
import ledger.testing.TestDatabase;
import ledger.testing.TestIssuer;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The views as a query side makes them that starts with none: on a copy of the database, which nobody else must use meanwhile. */
final class FreshFold {

    private static final String TABLES = """
            select table_schema || '.' || table_name from information_schema.tables
            where table_schema in (select 'views_' || name || '_' || version from views.projection where stage = 'SERVED')
            """;

    private static final String SERVED = "select name || '_' || version from views.projection where stage = 'SERVED'";

    private FreshFold() {}

    /** Rows that one of them has and the other has not. */
    static Collection<String> differences(TestDatabase served) throws SQLException {
        TestDatabase copy = copy(served);
        JdbcClient present = JdbcClient.create(served.dataSource());
        JdbcClient fresh = JdbcClient.create(copy.dataSource());
        texts(fresh, "select nspname from pg_namespace where nspname = 'views' or nspname like 'views\\_%'")
                .forEach(schema ->
                        fresh.sql("drop schema " + schema + " cascade").update());
        try (var _ = new SpringApplicationBuilder(QuerySide.class)
                .properties("spring.config.name=query-side")
                .run(
                        "--server.port=0",
                        "--LEDGER_ISSUER_URI=" + TestIssuer.shared().uri(),
                        "--LEDGER_DATABASE_URL=" + copy.url(),
                        "--LEDGER_DATABASE_USER=" + copy.user(),
                        "--LEDGER_DATABASE_PASSWORD=" + copy.password())) {
            awaitHead(fresh, texts(present, SERVED));
        }
        List<String> all = new ArrayList<>();
        for (String table : texts(present, TABLES)) {
            Derived.differences(rows(fresh, table), rows(present, table)).forEach(row -> all.add(table + " " + row));
        }
        return all;
    }

    /** Returns when the views that are served show all events. */
    static void awaitHead(JdbcClient sql) {
        awaitHead(sql, texts(sql, SERVED));
    }

    private static void awaitHead(JdbcClient sql, List<String> groups) {
        await("the views show all events")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> texts(sql, SERVED + " and position = (select max(position) from ledger.event)")
                        .containsAll(groups));
    }

    private static List<String> rows(JdbcClient sql, String table) {
        return texts(sql, "select to_jsonb(t)::text from " + table + " t");
    }

    private static List<String> texts(JdbcClient sql, String query) {
        return sql.sql(query).query((row, _) -> row.getString(1)).list();
    }

    private static TestDatabase copy(TestDatabase served) throws SQLException {
        String name = served.url().substring(served.url().lastIndexOf('/') + 1);
        String server = served.url().substring(0, served.url().lastIndexOf('/') + 1);
        TestDatabase administration = new TestDatabase(server + "postgres", served.user(), served.password());
        try (var connection = administration.connect();
                var statement = connection.createStatement()) {
            statement.execute("create database " + name + "_fresh template " + name + " tablespace pg_default");
        }
        return new TestDatabase(server + name + "_fresh", served.user(), served.password());
    }
}
