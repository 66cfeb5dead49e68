package ledger.query.subscription;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import ledger.api.CustomerId;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.query.Moment;
import ledger.query.Past;
import ledger.query.Past.Happened;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Subscriptions as they were, by the fold of the live view: the view only tells which there are. What was recorded by a moment never
 * changes, so that a pass needs no snapshot, and holds few subscriptions at a time however many there are.
 */
@Component
public class PastSubscriptions {

    private static final int CHUNK = 500;

    /** A subscription at a moment, and what had happened to it. */
    public record Life(SubscriptionView view, List<SubscriptionEvent> events) {

        private static Life of(List<Happened> stored, Moment moment) {
            List<SubscriptionEvent> events = new ArrayList<>(stored.size());
            SubscriptionView view = null;
            for (Happened one : stored) {
                SubscriptionEvent event = (SubscriptionEvent) one.event();
                view = SubscriptionFold.fold(view, event, one.version());
                events.add(event);
            }
            return new Life(SubscriptionFold.at(moment.at(), Objects.requireNonNull(view)), events);
        }
    }

    private final JdbcClient database;
    private final Past past;

    PastSubscriptions(JdbcClient database, Past past) {
        this.database = database;
        this.past = past;
    }

    public Optional<Life> one(TenantId tenant, UUID id, Moment moment) {
        List<Happened> events = past.events(tenant, List.of(id), moment);
        boolean isSubscription =
                !events.isEmpty() && events.getFirst().streamType().equals("subscription");
        return isSubscription ? Optional.of(Life.of(events, moment)) : Optional.empty();
    }

    public List<SubscriptionView> of(TenantId tenant, CustomerId customer, Moment moment) {
        List<SubscriptionView> views = new ArrayList<>();
        each(tenant, new Which(Map.of("customer_id", customer.value()), null), moment, life -> views.add(life.view));
        return views;
    }

    /** All of a tenant, in order of their ids, until {@code visitor} has enough. */
    public void each(TenantId tenant, Moment moment, Predicate<Life> visitor) {
        each(tenant, Which.ALL, moment, visitor);
    }

    /** The conditions on what never changes; {@code after} is an id. */
    record Which(Map<String, Object> equal, @Nullable UUID after) {
        static final Which ALL = new Which(Map.of(), null);
    }

    void each(TenantId tenant, Which which, Moment moment, Predicate<Life> visitor) {
        UUID last = which.after;
        List<UUID> ids;
        do {
            ids = ids(tenant, which.equal, last, moment);
            Map<UUID, List<Happened>> lives = new LinkedHashMap<>();
            ids.forEach(id -> lives.put(id, new ArrayList<>()));
            for (Happened event : past.events(tenant, ids, moment)) {
                Objects.requireNonNull(lives.get(event.stream())).add(event);
            }
            for (List<Happened> life : lives.values()) {
                if (!life.isEmpty() && !visitor.test(Life.of(life, moment))) {
                    return;
                }
            }
            last = ids.isEmpty() ? last : ids.getLast();
        } while (ids.size() == CHUNK);
    }

    private List<UUID> ids(TenantId tenant, Map<String, Object> equal, @Nullable UUID after, Moment moment) {
        StringBuilder sql = new StringBuilder(
                "select subscription_id from subscription where tenant = :tenant and started_at <= :at");
        equal.keySet().forEach(column -> sql.append(" and " + column + " = :" + column));
        sql.append(after == null ? "" : " and subscription_id > :after");
        return database.sql(
                        sql.append(" order by subscription_id limit " + CHUNK).toString())
                .params(equal)
                .param("tenant", tenant.value())
                .param("at", moment.at().atOffset(ZoneOffset.UTC))
                .param("after", after)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }
}
