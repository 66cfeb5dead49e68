package ledger.query.subscription;

import java.util.UUID;
import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Each question is one statement, so none of them needs a transaction around it. */
@Transactional(propagation = Propagation.SUPPORTS)
interface SubscriptionRows extends Repository<SubscriptionRow, UUID>, JpaSpecificationExecutor<SubscriptionRow> {}
