package ledger.query.subscription;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import ledger.api.SubscriptionStatus;
import ledger.api.SubscriptionView;
import ledger.query.StoredJson;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A row of subscription as it is read: {@link SubscriptionTable} writes it. */
@Entity
@Immutable
@Table(name = "subscription")
@SuppressWarnings("NullAway.Init") // the columns that are not null are filled by Hibernate
class SubscriptionRow {

    @Id
    @Column(name = "subscription_id")
    UUID id;

    String tenant;

    @Column(name = "customer_id")
    String customerId;

    @Nullable
    String reference;

    String product;

    String plan;

    @Enumerated(EnumType.STRING)
    SubscriptionStatus status;

    boolean live;

    @Column(name = "auto_renew")
    boolean autoRenew;

    @Column(name = "cancel_at_period_end")
    boolean cancelAtPeriodEnd;

    @Column(name = "started_at")
    Instant startedAt;

    @Column(name = "paid_through")
    Instant paidThrough;

    @Column(name = "ends_at")
    @Nullable
    Instant endsAt;

    String document;

    SubscriptionView view() {
        return StoredJson.read(document, SubscriptionView.class);
    }
}
