package ledger.query.limit;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import ledger.api.UsageEvent;
import ledger.query.Column;
import ledger.query.Copies;
import ledger.query.Folding;
import ledger.query.Projection;
import ledger.query.Recorded;
import ledger.query.Rows;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Keeps the table usage. Each event states the sum since, so that the last one of a stream says it all. */
@Component
class UsageTable implements Projection {

    static final String GROUP = "subscription";

    private record Row(Recorded recorded, UsageEvent.Recorded usage) {

        static final Comparator<Row> BY_KEY = Comparator.comparing(
                        (Row row) -> row.recorded.tenant().value())
                .thenComparing(row -> row.usage.subscription().value());
    }

    private static final Rows<Row> ROWS = new Rows<>(
            "usage",
            4,
            List.of(
                    new Column<>("tenant", "text", row -> row.recorded.tenant()),
                    new Column<>("subscription_id", "uuid", row -> row.usage.subscription()),
                    new Column<>("metric", "text", row -> row.usage.metric()),
                    new Column<>("number", "int4", row -> Counters.number(row.usage.limit(), row.usage.period())),
                    new Column<>("used", "int8", row -> row.usage.used()),
                    new Column<>("version", "int8", row -> row.recorded.version())));

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
    public void apply(List<Recorded> events) {
        Map<UUID, Row> last = new LinkedHashMap<>();
        events.forEach(event -> last.put(event.stream(), row(event)));
        database.execute((ConnectionCallback<Boolean>) connection -> {
            ROWS.put(connection, last.values());
            return true;
        });
    }

    @Override
    public Map<String, String> origins() {
        return Map.of(
                "usage",
                "e.stream_type = 'usage' and e.payload ->> 'subscription' = r ->> 'subscription_id' "
                        + "and e.payload ->> 'metric' = r ->> 'metric'");
    }

    @Override
    public Optional<Folding> folding() {
        Map<UUID, Row> last = new ConcurrentHashMap<>();
        return Optional.of(new Folding() {
            @Override
            public void add(Recorded event) {
                last.put(event.stream(), row(event));
            }

            @Override
            public void write(Copies copies) {
                copies.copy(ROWS, last.values().stream().sorted(Row.BY_KEY).toList());
            }
        });
    }

    private static Row row(Recorded recorded) {
        return switch ((UsageEvent) recorded.event()) {
            case UsageEvent.Recorded usage -> new Row(recorded, usage);
        };
    }
}
