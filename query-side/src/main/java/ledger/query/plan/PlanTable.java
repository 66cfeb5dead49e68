package ledger.query.plan;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import ledger.api.PlanEvent;
import ledger.api.PlanView;
import ledger.api.TenantId;
import ledger.query.Column;
import ledger.query.Copies;
import ledger.query.Folding;
import ledger.query.Fraction;
import ledger.query.Projection;
import ledger.query.Recorded;
import ledger.query.Rows;
import ledger.query.StoredJson;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Keeps the tables plan and plan_version. */
@Component
class PlanTable implements Projection {

    static final String GROUP = "plan";

    private record Row(TenantId tenant, PlanView view) {}

    private static final Rows<Row> CURRENT = new Rows<>(
            "plan",
            2,
            List.of(
                    new Column<>("tenant", "text", Row::tenant),
                    new Column<>("slug", "text", row -> row.view.slug()),
                    new Column<>("monthly", "numeric", row -> monthly(row.view)),
                    new Column<>("document", "json", row -> StoredJson.write(row.view))));

    private static final Rows<Row> VERSION = new Rows<>(
            "plan_version",
            3,
            List.of(
                    new Column<>("tenant", "text", Row::tenant),
                    new Column<>("slug", "text", row -> row.view.slug()),
                    new Column<>("number", "int4", row -> row.view.planVersion()),
                    new Column<>("document", "json", row -> StoredJson.write(row.view))));

    private final JdbcTemplate database;

    PlanTable(JdbcTemplate database) {
        this.database = database;
    }

    @Override
    public String group() {
        return GROUP;
    }

    @Override
    public boolean concerns(Class<?> event) {
        return PlanEvent.class.isAssignableFrom(event);
    }

    @Override
    public void apply(List<Recorded> events) {
        database.execute((ConnectionCallback<Boolean>) connection -> {
            Versions versions = new Versions();
            for (Recorded recorded : events) {
                if (!versions.current.containsKey(recorded.stream())) {
                    read(recorded).ifPresent(known -> versions.current.put(recorded.stream(), known));
                }
                versions.add(recorded);
            }
            CURRENT.put(connection, versions.current.values());
            VERSION.put(connection, versions.all);
            return true;
        });
    }

    /** A plan in all its versions; the row of each is as it was when that was published. */
    private static final class Versions {

        private final Map<UUID, Row> current = new HashMap<>();
        private final List<Row> all = new ArrayList<>();

        void add(Recorded recorded) {
            Row before = current.get(recorded.stream());
            PlanView view = next(recorded, Optional.ofNullable(before).map(Row::view));
            Row row = new Row(recorded.tenant(), view);
            if (before == null || before.view.planVersion() != view.planVersion()) {
                all.add(row);
            }
            current.put(recorded.stream(), row);
        }

        void write(Copies copies) {
            copies.copy(CURRENT, current.values());
            copies.copy(VERSION, all);
        }
    }

    @Override
    public Map<String, String> origins() {
        String ofPlan = "e.stream_type = 'plan' and e.payload ->> 'plan' = r ->> 'slug'";
        return Map.of("plan", ofPlan, "plan_version", ofPlan);
    }

    @Override
    public Optional<Folding> folding() {
        Versions versions = new Versions();
        return Optional.of(new Folding() {
            @Override
            public synchronized void add(Recorded event) {
                versions.add(event);
            }

            @Override
            public void write(Copies copies) {
                versions.write(copies);
            }
        });
    }

    private static PlanView next(Recorded recorded, Optional<PlanView> known) {
        PlanEvent event = (PlanEvent) recorded.event();
        long expected = known.map(view -> view.version() + 1).orElse(0L);
        if (recorded.version() != expected) {
            throw new IllegalStateException("the event at position %d is version %d of plan %s, where %d was expected"
                    .formatted(recorded.position(), recorded.version(), event.plan(), expected));
        }
        return PlanFold.fold(known.orElse(null), event, recorded.version());
    }

    private Optional<Row> read(Recorded recorded) {
        return database
                .query(
                        "select document from plan where tenant = ? and slug = ?",
                        (row, _) -> new Row(recorded.tenant(), StoredJson.read(row.getString(1), PlanView.class)),
                        recorded.tenant().value(),
                        ((PlanEvent) recorded.event()).plan().value())
                .stream()
                .findAny();
    }

    /** By which the catalogue is ordered: the lowest price, as for one month. */
    static BigDecimal monthly(PlanView view) {
        return view.prices().stream()
                .map(price -> Fraction.monthly(BigInteger.valueOf(price.amount().amount()), price.term())
                        .rounded(6))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }
}
