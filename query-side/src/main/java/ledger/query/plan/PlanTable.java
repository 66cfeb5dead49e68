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
import ledger.api.PlanSlug;
import ledger.api.PlanView;
import ledger.api.TenantId;
import ledger.query.Column;
import ledger.query.Copies;
import ledger.query.Folding;
import ledger.query.Fraction;
import ledger.query.Projection;
import ledger.query.Recorded;
import ledger.query.StoredJson;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Keeps the tables plan and plan_version. Plans change rarely, so each event is written by itself. */
@Component
class PlanTable implements Projection {

    static final String GROUP = "plan";

    private record Row(TenantId tenant, PlanView view) {}

    private static final List<Column<Row>> CURRENT = List.of(
            new Column<>("tenant", "text", Row::tenant),
            new Column<>("slug", "text", row -> row.view.slug()),
            new Column<>("monthly", "numeric", row -> monthly(row.view)),
            new Column<>("document", "text", row -> StoredJson.write(row.view)));

    private static final List<Column<Row>> VERSION = List.of(
            new Column<>("tenant", "text", Row::tenant),
            new Column<>("slug", "text", row -> row.view.slug()),
            new Column<>("number", "int", row -> row.view.planVersion()),
            new Column<>("document", "text", row -> StoredJson.write(row.view)));

    private final JdbcClient database;

    PlanTable(JdbcClient database) {
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
        events.forEach(recorded -> apply(recorded, (PlanEvent) recorded.event()));
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
            copies.copy("plan", CURRENT, current.values());
            copies.copy("plan_version", VERSION, all);
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

    private void apply(Recorded recorded, PlanEvent event) {
        write(recorded.tenant(), next(recorded, read(recorded.tenant(), event.plan())));
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

    private Optional<PlanView> read(TenantId tenant, PlanSlug slug) {
        return database.sql("select document from plan where tenant = ? and slug = ?")
                .params(tenant.value(), slug.value())
                .query(String.class)
                .optional()
                .map(document -> StoredJson.read(document, PlanView.class));
    }

    private void write(TenantId tenant, PlanView view) {
        String document = StoredJson.write(view);
        database.sql(
                        "insert into plan (tenant, slug, monthly, document) values (?, ?, ?, ?::json) "
                                + "on conflict (tenant, slug) do update set monthly = excluded.monthly, document = excluded.document")
                .params(tenant.value(), view.slug().value(), monthly(view), document)
                .update();
        database.sql("insert into plan_version (tenant, slug, number, document) values (?, ?, ?, ?::json) "
                        + "on conflict (tenant, slug, number) do nothing")
                .params(tenant.value(), view.slug().value(), view.planVersion(), document)
                .update();
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
