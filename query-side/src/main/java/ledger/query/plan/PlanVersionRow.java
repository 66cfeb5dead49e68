package ledger.query.plan;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import ledger.api.PlanView;
import ledger.query.StoredJson;
import org.hibernate.annotations.Immutable;

/** A row of plan_version as it is read: {@link PlanTable} writes it. */
@Entity
@Immutable
@IdClass(PlanVersionRow.Key.class)
@Table(name = "plan_version")
@SuppressWarnings("NullAway.Init") // the columns are filled by Hibernate
class PlanVersionRow {

    record Key(String tenant, String slug, int number) {}

    @Id
    String tenant;

    @Id
    String slug;

    @Id
    int number;

    String document;

    PlanView view() {
        return StoredJson.read(document, PlanView.class);
    }
}
