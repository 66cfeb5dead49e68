package ledger.command.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import ledger.api.TenantId;
import ledger.command.store.Append.NewEvent;
import ledger.command.store.Append.Outcome.Stored;
import ledger.testing.TestDatabase;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The one way in which readers write into the ledger. */
class AuditFunctionTest {

    private static final String CALL =
            "select ledger.audit('default', '%s', 'audit.history-viewed', 1, '2026-01-31T12:00:00Z', "
                    + "'{\"a\": %d}', '{}')";

    private static TestDatabase test;
    private static DataSource database;

    @BeforeAll
    static void migrate() {
        test = TestDatabase.create();
        database = test.dataSource();
        Flyway.configure()
                .dataSource(database)
                .schemas("ledger")
                .locations("classpath:db/ledger")
                .load()
                .migrate();
    }

    @Test
    void takesTurnsWithAppendsSoThatPositionsAndVersionsStayGapless() throws Exception {
        List<Callable<Long>> all = new ArrayList<>();
        try (Appender appender = new Appender(database, new SimpleMeterRegistry());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                String actor = "auditor-" + i % 3;
                all.add(() -> audits(actor, 50));
                all.add(() -> appends(appender, 50));
            }
            long stored = 0;
            for (Future<Long> one : threads.invokeAll(all)) {
                stored += one.get();
            }
            assertThat(stored).isEqualTo(2 * 8 * 50);
        }
        JdbcClient sql = JdbcClient.create(database);
        assertThat(sql.sql("select count(*) = max(position) from ledger.event")
                        .query(Boolean.class)
                        .single())
                .isTrue();
        assertThat(sql.sql("""
                        select count(*) from (select count(*) n, max(version) v from ledger.event group by stream_id) s
                        where n <> v + 1
                        """).query(Long.class).single()).isZero();
        assertThat(sql.sql("select count(distinct stream_id) from ledger.event where stream_type = 'audit'")
                        .query(Long.class)
                        .single())
                .isEqualTo(3);
    }

    @Test
    void isDurableThoughItsConnectionWouldNotWaitForTheDisk() throws SQLException {
        try (Connection reader = reader();
                Statement statement = reader.createStatement()) {
            statement.execute("set synchronous_commit = off");
            reader.setAutoCommit(false);
            statement.execute(CALL.formatted("auditor-0", 1));
            assertThat(shown(statement)).isEqualTo("on");
            reader.commit();
            assertThat(shown(statement)).isEqualTo("off");
        }
    }

    @Test
    void letsReadersWriteNothingElse() throws SQLException {
        try (Connection reader = reader();
                Statement statement = reader.createStatement()) {
            assertThatThrownBy(() -> statement.execute(
                            CALL.formatted("auditor-0", 1).replace("audit.history-viewed", "subscription.renewed")))
                    .hasMessageContaining("not an event of an audit");
            assertThatThrownBy(() -> statement.execute("insert into ledger.event select * from ledger.event"))
                    .hasMessageContaining("permission denied");
            statement.execute("reset role; set role pg_monitor");
            assertThatThrownBy(() -> statement.execute(CALL.formatted("auditor-0", 1)))
                    .hasMessageContaining("permission denied");
        }
    }

    private static Connection reader() throws SQLException {
        Connection connection = test.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("set role ledger_query");
        }
        return connection;
    }

    private static String shown(Statement statement) throws SQLException {
        try (ResultSet shown = statement.executeQuery("show synchronous_commit")) {
            shown.next();
            return shown.getString(1);
        }
    }

    private static long audits(String actor, int times) throws SQLException {
        try (Connection reader = reader();
                Statement statement = reader.createStatement()) {
            for (int i = 0; i < times; i++) {
                statement.execute(CALL.formatted(actor, i));
            }
        }
        return times;
    }

    private static long appends(Appender appender, int times) {
        Instant then = Instant.parse("2026-01-31T12:00:00Z");
        for (int i = 0; i < times; i++) {
            NewEvent event = new NewEvent(Uuid7.next(), Uuid7.next(), "plan", 0, "plan.retired", 1, then, "{}", "{}");
            Append append = new Append(new TenantId("default"), List.of(event), List.of(), null, List.of(), null);
            assertThat(appender.append(append)).isInstanceOf(Stored.class);
        }
        return times;
    }
}
