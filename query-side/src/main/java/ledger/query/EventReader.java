package ledger.query;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import ledger.api.CustomerId;
import ledger.api.EventTypes;
import ledger.api.LedgerEvent;
import ledger.api.SubscriptionId;
import ledger.api.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads streams of one tenant from the ledger itself, by its index of streams and versions: others' streams are not there. */
@Component
public class EventReader {

    private final JdbcClient database;

    EventReader(JdbcClient database) {
        this.database = database;
    }

    /** The last position of the ledger; 0 while it is empty. */
    public long head() {
        return database.sql("select coalesce(max(position), 0) from ledger.event")
                .query(Long.class)
                .single();
    }

    /** Whose a subscription is, as its first event says; empty where there is none. */
    public Optional<CustomerId> customer(TenantId tenant, SubscriptionId subscription) {
        return database.sql("select payload ->> 'customer' from ledger.event "
                        + "where stream_id = ? and version = 0 and tenant = ? and stream_type = 'subscription'")
                .params(subscription.value(), tenant.value())
                .query(String.class)
                .optional()
                .map(CustomerId::new);
    }

    /** The streams of all subscriptions that a customer ever had, as the view of subscriptions knows them. */
    public List<UUID> subscriptionsOf(TenantId tenant, CustomerId customer) {
        return database.sql("select subscription_id from subscription where tenant = ? and customer_id = ?")
                .params(tenant.value(), customer.value())
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    /** The first {@code most} events of these streams after a position, in the ledger's order. */
    public List<StoredEvent> after(TenantId tenant, Collection<UUID> streams, long position, int most) {
        return database.sql("select " + StoredEvent.COLUMNS + " from ledger.event "
                        + "where stream_id = any (?) and tenant = ? and position > ? order by position limit ?")
                .params(streams.toArray(UUID[]::new), tenant.value(), position, most)
                .query((row, _) -> StoredEvent.of(row))
                .list();
    }

    /** The events of one type in these streams. */
    public List<StoredEvent> ofType(TenantId tenant, Collection<UUID> streams, Class<? extends LedgerEvent> type) {
        return database.sql("select " + StoredEvent.COLUMNS + " from ledger.event "
                        + "where stream_id = any (?) and tenant = ? and type = ? order by position")
                .params(
                        streams.toArray(UUID[]::new),
                        tenant.value(),
                        EventTypes.of(type).value())
                .query((row, _) -> StoredEvent.of(row))
                .list();
    }

    /** The events of a stream before a version. */
    public List<StoredEvent> before(TenantId tenant, UUID stream, long version) {
        return database.sql("select " + StoredEvent.COLUMNS + " from ledger.event "
                        + "where stream_id = ? and tenant = ? and version < ? order by version")
                .params(stream, tenant.value(), version)
                .query((row, _) -> StoredEvent.of(row))
                .list();
    }
}
