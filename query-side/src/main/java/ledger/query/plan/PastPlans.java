package ledger.query.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import ledger.api.PlanEvent;
import ledger.api.PlanSlug;
import ledger.api.PlanView;
import ledger.api.TenantId;
import ledger.query.Moment;
import ledger.query.Past;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The catalogue as it was: the view tells which plans there are, the ledger how they were. */
@Component
class PastPlans {

    private final JdbcClient database;
    private final Past past;

    PastPlans(JdbcClient database, Past past) {
        this.database = database;
        this.past = past;
    }

    Optional<PlanView> one(TenantId tenant, PlanSlug slug, Moment moment) {
        return fold(tenant, List.of(slug.streamIn(tenant)), moment).stream().findAny();
    }

    List<PlanView> list(TenantId tenant, Moment moment) {
        List<UUID> streams = database.sql("select slug from plan where tenant = ?")
                .param(tenant.value())
                .query((row, _) -> new PlanSlug(row.getString(1)).streamIn(tenant))
                .list();
        return fold(tenant, streams, moment);
    }

    private List<PlanView> fold(TenantId tenant, List<UUID> streams, Moment moment) {
        Map<UUID, PlanView> views = new HashMap<>();
        past.events(tenant, streams, moment)
                .forEach(stored -> views.put(
                        stored.stream(),
                        PlanFold.fold(views.get(stored.stream()), (PlanEvent) stored.event(), stored.version())));
        return new ArrayList<>(views.values());
    }
}
