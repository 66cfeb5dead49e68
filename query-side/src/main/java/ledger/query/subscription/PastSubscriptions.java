package ledger.query.subscription;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import ledger.api.CustomerId;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.query.Moment;
import ledger.query.Past;
import ledger.query.Past.Happened;
import ledger.query.StoredJson;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Subscriptions as they were, by the fold of the live view. It begins with the last thing that is kept of each and was already true and
 * known at the moment: the view itself, or a milestone of it. What was recorded by a moment never changes, so that a pass needs no
 * snapshot, and holds few subscriptions at a time however many there are.
 */
@Component
public class PastSubscriptions {

    private static final int CHUNK = 500;

    private static final String KEPT =
            "select %s document from %s where tenant = :tenant and subscription_id = any (:ids) "
                    + "and effective_through <= :at and recorded_through <= :known";

    /** Views and, where they are too new, the last milestones before. */
    private static final String BEGINNINGS = KEPT.formatted("", "subscription") + " union all ("
            + KEPT.formatted("distinct on (subscription_id)", "subscription_milestone")
            + " order by subscription_id, version desc)";

    private final JdbcClient database;
    private final Past past;

    PastSubscriptions(JdbcClient database, Past past) {
        this.database = database;
        this.past = past;
    }

    /** A subscription at a moment, and everything that had happened to it. */
    public record Life(SubscriptionView view, List<SubscriptionEvent> events) {}

    /** Empty where nothing had happened to it, or where it is the id of something else. */
    public Optional<SubscriptionView> one(TenantId tenant, UUID id, Moment moment) {
        return views(tenant, List.of(id), moment).findAny();
    }

    public List<SubscriptionView> of(TenantId tenant, CustomerId customer, Moment moment) {
        List<SubscriptionView> views = new ArrayList<>();
        each(tenant, new Which(Map.of("customer_id", customer.value()), null), moment, views::add);
        return views;
    }

    /** The conditions on what never changes; {@code after} is an id. */
    record Which(Map<String, Object> equal, @Nullable UUID after) {
        static final Which ALL = new Which(Map.of(), null);
    }

    /** In order of their ids, until {@code visitor} has enough. */
    void each(TenantId tenant, Which which, Moment moment, Predicate<SubscriptionView> visitor) {
        visit(tenant, which, moment, ids -> views(tenant, ids, moment), visitor);
    }

    /** All of a tenant with all of their events, which takes longer. */
    public void lives(TenantId tenant, Moment moment, Predicate<Life> visitor) {
        visit(tenant, Which.ALL, moment, ids -> lives(tenant, ids, moment), visitor);
    }

    private <T> void visit(
            TenantId tenant, Which which, Moment moment, Function<List<UUID>, Stream<T>> reader, Predicate<T> visitor) {
        UUID last = which.after;
        List<UUID> ids;
        do {
            ids = ids(tenant, which.equal, last, moment);
            if (!reader.apply(ids).allMatch(visitor)) {
                return;
            }
            last = ids.isEmpty() ? last : ids.getLast();
        } while (ids.size() == CHUNK);
    }

    private Stream<SubscriptionView> views(TenantId tenant, List<UUID> ids, Moment moment) {
        Map<UUID, SubscriptionView> views = beginnings(tenant, ids, moment);
        Map<UUID, Long> versions = new HashMap<>();
        ids.forEach(id -> versions.put(id, views.containsKey(id) ? views.get(id).version() : -1L));
        for (Happened one : past.events(tenant, versions, moment)) {
            if (one.event() instanceof SubscriptionEvent event) {
                views.put(one.stream(), SubscriptionFold.fold(views.get(one.stream()), event, one.version()));
            }
        }
        return ids.stream()
                .flatMap(id -> Stream.ofNullable(views.get(id)))
                .map(view -> SubscriptionFold.at(moment.at(), view));
    }

    private Map<UUID, SubscriptionView> beginnings(TenantId tenant, List<UUID> ids, Moment moment) {
        Map<UUID, SubscriptionView> views = new HashMap<>();
        database.sql(BEGINNINGS)
                .param("tenant", tenant.value())
                .param("ids", ids.toArray(UUID[]::new))
                .param("at", moment.at().atOffset(ZoneOffset.UTC))
                .param("known", moment.known().atOffset(ZoneOffset.UTC))
                .query((row, _) -> StoredJson.read(row.getString(1), SubscriptionView.class))
                .list()
                .forEach(view -> views.merge(
                        view.subscriptionId().value(),
                        view,
                        (one, other) -> one.version() < other.version() ? other : one));
        return views;
    }

    private Stream<Life> lives(TenantId tenant, List<UUID> ids, Moment moment) {
        Map<UUID, Life> lives = new LinkedHashMap<>();
        for (Happened one : past.events(tenant, ids, moment)) {
            SubscriptionEvent event = (SubscriptionEvent) one.event();
            Life before = lives.get(one.stream());
            List<SubscriptionEvent> events = before == null ? new ArrayList<>() : before.events;
            events.add(event);
            lives.put(
                    one.stream(),
                    new Life(SubscriptionFold.fold(before == null ? null : before.view, event, one.version()), events));
        }
        return lives.values().stream().map(life -> new Life(SubscriptionFold.at(moment.at(), life.view), life.events));
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
