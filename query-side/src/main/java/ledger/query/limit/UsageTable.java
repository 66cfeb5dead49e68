package ledger.query.limit;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import ledger.api.UsageEvent;
import ledger.api.UsageEvent.Recorded;
import ledger.query.Projection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Keeps views.usage. Each event states the sum since, so that the last one of a stream says it all. */
@Component
class UsageTable implements Projection {

    static final String GROUP = "subscription";

    private static final String WRITE = """
            insert into views.usage (tenant, subscription_id, metric, number, used, version)
            select * from unnest(?::text[], ?::uuid[], ?::text[], ?::int[], ?::bigint[], ?::bigint[])
            on conflict (tenant, subscription_id, metric, number) do update set used = excluded.used, version = excluded.version
            """;

    private record Row(ledger.query.Recorded recorded, Recorded usage) {}

    private final JdbcTemplate database;

    UsageTable(JdbcTemplate database) {
        this.database = database;
    }

    @Override
    public String group() {
        return GROUP;
    }

    @Override
    public boolean concerns(Class<?> event) {
        return UsageEvent.class.isAssignableFrom(event);
    }

    @Override
    public void apply(List<ledger.query.Recorded> events) {
        Map<UUID, Row> last = new LinkedHashMap<>();
        for (ledger.query.Recorded recorded : events) {
            switch ((UsageEvent) recorded.event()) {
                case Recorded usage -> last.put(recorded.stream(), new Row(recorded, usage));
            }
        }
        database.execute((ConnectionCallback<Boolean>) connection -> write(connection, last.values()));
    }

    private static boolean write(Connection connection, Collection<Row> rows) throws SQLException {
        try (PreparedStatement write = connection.prepareStatement(WRITE)) {
            write.setArray(
                    1,
                    array(connection, "text", rows, row -> row.recorded.tenant().value()));
            write.setArray(
                    2,
                    array(
                            connection,
                            "uuid",
                            rows,
                            row -> row.usage.subscription().value()));
            write.setArray(
                    3, array(connection, "text", rows, row -> row.usage.metric().value()));
            write.setArray(
                    4, array(connection, "int4", rows, row -> Counters.number(row.usage.limit(), row.usage.period())));
            write.setArray(5, array(connection, "int8", rows, row -> row.usage.used()));
            write.setArray(6, array(connection, "int8", rows, row -> row.recorded.version()));
            return write.executeUpdate() > 0;
        }
    }

    private static Array array(Connection connection, String type, Collection<Row> rows, Function<Row, Object> value)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(value).toArray());
    }
}
