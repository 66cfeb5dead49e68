package ledger.query.rebuild;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import ledger.query.Generation;
import ledger.query.Projection;
import ledger.query.Snapshots;
import ledger.query.StoredJson;
import ledger.query.rebuild.Differences.Cause;
import ledger.query.rebuild.Differences.Difference;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Compares all tables of two generations in one snapshot: rows of the same key, as they are written. */
@Component
class Comparison {

    private static final int SHOWN = 100;
    private static final int EVENTS_SHOWN = 1_000;

    private final Snapshots snapshots;
    private final JdbcClient database;
    private final Map<String, String> origins = new HashMap<>();

    Comparison(Snapshots snapshots, JdbcClient database, List<Projection> projections) {
        this.snapshots = snapshots;
        this.database = database;
        projections.forEach(projection -> origins.putAll(projection.origins()));
    }

    Differences of(Generation served, Generation rebuilt, long position, Runnable taken) {
        return snapshots.read(() -> {
            database.sql("set local role ledger_projector").update();
            List<String> tables = database.sql("select tablename from pg_tables where schemaname = ? order by 1")
                    .param(served.schema())
                    .query((row, _) -> String.valueOf(row.getString(1)))
                    .list();
            taken.run();
            long rows = 0;
            long differences = 0;
            List<Difference> items = new ArrayList<>();
            for (String table : tables) {
                String both = bothSides(served, rebuilt, table);
                rows += database.sql("select count(*) from " + both)
                        .query(Long.class)
                        .single();
                differences += database.sql("select count(*) from " + both + " where a::text is distinct from b::text")
                        .query(Long.class)
                        .single();
                items.addAll(differing(both, table, position, SHOWN - items.size()));
            }
            return new Differences(position, rows, differences, items);
        });
    }

    private String bothSides(Generation served, Generation rebuilt, String table) {
        String key = database.sql("""
                        select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
                        where i.indrelid = ?::regclass and i.indisprimary""").param(served.schema() + "." + table).query(String.class).stream()
                .collect(joining(", "));
        return "%s.%s a full join %s.%s b using (%s)".formatted(served.schema(), table, rebuilt.schema(), table, key);
    }

    private List<Difference> differing(String both, String table, long position, int most) {
        return database.sql("select row_to_json(a)::text, row_to_json(b)::text from " + both
                        + " where a::text is distinct from b::text limit ?")
                .param(Math.max(0, most))
                .query((row, _) -> new Difference(
                        table,
                        json(row.getString(1)),
                        json(row.getString(2)),
                        causes(table, row.getString(1) == null ? row.getString(2) : row.getString(1), position)))
                .list();
    }

    private List<Cause> causes(String table, String row, long position) {
        String origin = origins.get(table);
        return origin == null
                ? List.of()
                : database.sql("select e.position, e.stream_id, e.version, e.type from ledger.event e, "
                                + "(select ?::json r) of where e.tenant = r ->> 'tenant' and e.position <= ? and "
                                + origin
                                + " order by e.position limit " + EVENTS_SHOWN)
                        .params(row, position)
                        .query((event, _) -> new Cause(
                                event.getLong(1), event.getObject(2, UUID.class), event.getLong(3), event.getString(4)))
                        .list();
    }

    private static @Nullable JsonNode json(@Nullable String row) {
        return row == null ? null : StoredJson.read(row, JsonNode.class);
    }
}
