package ledger.query.plan;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Each question is one statement, so none of them needs a transaction around it. */
@Transactional(propagation = Propagation.SUPPORTS)
interface PlanRows extends Repository<PlanRow, PlanRow.Key> {

    Optional<PlanRow> findByTenantAndSlug(String tenant, String slug);

    @Query("select v from PlanVersionRow v where v.tenant = :tenant and v.slug = :slug and v.number = :number")
    Optional<PlanVersionRow> findVersion(String tenant, String slug, int number);

    List<PlanRow> findByTenantOrderByMonthlyAscSlugAsc(String tenant, Limit limit);

    @Query("select p from PlanRow p where p.tenant = :tenant and p.monthly >= :monthly "
            + "and (p.monthly > :monthly or p.slug > :slug) order by p.monthly, p.slug")
    List<PlanRow> findAfter(String tenant, BigDecimal monthly, String slug, Limit limit);
}
