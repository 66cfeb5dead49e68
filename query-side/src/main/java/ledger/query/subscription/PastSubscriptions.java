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
import ledger.query.Past.Range;
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

    /**
     * For each of them what it was at the last milestone that had happened and was known, or is if nothing has happened since; with the
     * version of that, the one beyond which no segment between milestones has an event of then, and the last one that the view was told.
     */
    private static final String BEGINNINGS = """
            select s.id, case when last.is_it then last.document else milestone.document end,
                case when last.is_it then last.version else coalesce(milestone.version, -1) end,
                greatest(coalesce(segment.version, -1), case when last.is_of_then then last.version end), coalesce(last.version, -1)
            from (select id from unnest(:ids) s (id) limit %d) s
                left join lateral (select v.version, v.document, v.effective_from <= :at and v.recorded_from <= :known is_of_then,
                        v.effective_through <= :at and v.recorded_through <= :known is_it
                    from subscription v where v.tenant = :tenant and v.subscription_id = s.id) last on true
                left join lateral (select m.version, m.document from subscription_milestone m
                    where m.tenant = :tenant and m.subscription_id = s.id
                        and m.effective_through <= :at and m.recorded_through <= :known
                    order by m.version desc limit 1) milestone on true
                left join lateral (select m.version from subscription_milestone m
                    where m.tenant = :tenant and m.subscription_id = s.id
                        and m.effective_from <= :at and m.recorded_from <= :known
                    order by m.version desc limit 1) segment on true
            """;

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
        Map<UUID, SubscriptionView> views = new HashMap<>();
        List<Range> ranges = new ArrayList<>();
        database.sql(BEGINNINGS.formatted(Past.atMost(ids.size())))
                .param("tenant", tenant.value())
                .param("ids", ids.toArray(UUID[]::new))
                .param("at", moment.at().atOffset(ZoneOffset.UTC))
                .param("known", moment.known().atOffset(ZoneOffset.UTC))
                .query(row -> {
                    UUID id = row.getObject(1, UUID.class);
                    if (row.getString(2) != null) {
                        views.put(id, StoredJson.read(row.getString(2), SubscriptionView.class));
                    }
                    ranges.add(new Range(id, row.getLong(3), row.getLong(4)));
                    ranges.add(Range.after(id, row.getLong(5))); // what the view has not been told yet
                });
        for (Happened one : past.events(tenant, ranges, moment)) {
            if (one.event() instanceof SubscriptionEvent event) {
                views.put(one.stream(), SubscriptionFold.fold(views.get(one.stream()), event, one.version()));
            }
        }
        return ids.stream()
                .flatMap(id -> Stream.ofNullable(views.get(id)))
                .map(view -> SubscriptionFold.at(moment.at(), view));
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
