package ledger.query.plan;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import ledger.api.PlanEvent;
import ledger.api.PlanSlug;
import ledger.api.PlanView;
import ledger.api.TenantId;
import ledger.query.Fraction;
import ledger.query.Projection;
import ledger.query.Recorded;
import ledger.query.StoredJson;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Keeps views.plan and views.plan_version. Plans change rarely, so each event is written by itself. */
@Component
class PlanTable implements Projection {

    static final String GROUP = "plan";

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

    private void apply(Recorded recorded, PlanEvent event) {
        Optional<PlanView> known = read(recorded.tenant(), event.plan());
        long expected = known.map(view -> view.version() + 1).orElse(0L);
        if (recorded.version() != expected) {
            throw new IllegalStateException("the event at position %d is version %d of plan %s, where %d was expected"
                    .formatted(recorded.position(), recorded.version(), event.plan(), expected));
        }
        write(recorded.tenant(), PlanFold.fold(known.orElse(null), event, recorded.version()));
    }

    private Optional<PlanView> read(TenantId tenant, PlanSlug slug) {
        return database.sql("select document from views.plan where tenant = ? and slug = ?")
                .params(tenant.value(), slug.value())
                .query(String.class)
                .optional()
                .map(document -> StoredJson.read(document, PlanView.class));
    }

    private void write(TenantId tenant, PlanView view) {
        String document = StoredJson.write(view);
        database.sql(
                        "insert into views.plan (tenant, slug, monthly, document) values (?, ?, ?, ?::json) "
                                + "on conflict (tenant, slug) do update set monthly = excluded.monthly, document = excluded.document")
                .params(tenant.value(), view.slug().value(), monthly(view), document)
                .update();
        database.sql("insert into views.plan_version (tenant, slug, number, document) values (?, ?, ?, ?::json) "
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
