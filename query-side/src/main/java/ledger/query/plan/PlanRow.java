package ledger.query.plan;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import ledger.api.PlanView;
import ledger.query.StoredJson;
import org.hibernate.annotations.Immutable;

/** A row of plan as it is read: {@link PlanTable} writes it. */
@Entity
@Immutable
@IdClass(PlanRow.Key.class)
@Table(name = "plan")
@SuppressWarnings("NullAway.Init") // the columns are filled by Hibernate
class PlanRow {

    record Key(String tenant, String slug) {}

    @Id
    String tenant;

    @Id
    String slug;

    BigDecimal monthly;

    String document;

    PlanView view() {
        return StoredJson.read(document, PlanView.class);
    }
}
