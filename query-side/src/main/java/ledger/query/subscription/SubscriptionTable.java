package ledger.query.subscription;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.Subscribed;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.query.Copies;
import ledger.query.Folding;
import ledger.query.Projection;
import ledger.query.Recorded;
import ledger.query.StoredJson;
import ledger.query.subscription.KeptSubscription.Bounds;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Keeps the subscriptions, their milestones, and how many are alike: reads the rows that a batch of events touches, folds in memory,
 * writes each row once.
 */
@Component
class SubscriptionTable implements Projection {

    static final String GROUP = "subscription";

    private static final String READ =
            "select tenant, document, effective_from, recorded_from, effective_through, recorded_through from subscription "
                    + "where (tenant, subscription_id) in (select * from unnest(?::text[], ?::uuid[]))";

    private final JdbcTemplate database;

    SubscriptionTable(JdbcTemplate database) {
        this.database = database;
    }

    @Override
    public String group() {
        return GROUP;
    }

    @Override
    public boolean concerns(Class<?> event) {
        return SubscriptionEvent.class.isAssignableFrom(event);
    }

    @Override
    public void apply(List<Recorded> events) {
        database.execute((ConnectionCallback<Boolean>) connection -> {
            Map<UUID, KeptSubscription> before = read(connection, events);
            Lives lives = new Lives(before);
            events.forEach(lives::add);
            KeptSubscription.CURRENT.put(connection, lives.rows.values());
            KeptSubscription.MILESTONES.put(connection, lives.milestones);
            lives.holdings(before).write(database);
            return true;
        });
    }

    /** What becomes of subscriptions event by event, and what they were at their milestones. */
    private static final class Lives {

        final Map<UUID, KeptSubscription> rows;
        final Queue<KeptSubscription> milestones = new ConcurrentLinkedQueue<>();

        Lives(Map<UUID, KeptSubscription> before) {
            rows = new ConcurrentHashMap<>(before);
        }

        void add(Recorded event) {
            KeptSubscription next = KeptSubscription.next(rows.get(event.stream()), event);
            rows.put(event.stream(), next);
            if (next.isMilestone()) {
                milestones.add(next);
            }
        }

        Holdings holdings(Map<UUID, KeptSubscription> before) {
            Holdings holdings = new Holdings();
            rows.forEach((stream, row) -> {
                KeptSubscription old = before.get(stream);
                holdings.replace(row.tenant(), old == null ? null : old.view(), row.view());
            });
            return holdings;
        }
    }

    @Override
    public Map<String, String> origins() {
        String own = "e.stream_id = (r ->> 'subscription_id')::uuid";
        return Map.of(
                "subscription", own, "subscription_milestone", own + " and e.version <= (r ->> 'version')::bigint");
    }

    @Override
    public Optional<Folding> folding() {
        Lives lives = new Lives(Map.of());
        return Optional.of(new Folding() {
            @Override
            public void add(Recorded event) {
                lives.add(event);
            }

            @Override
            public void write(Copies copies) {
                copies.copy(
                        KeptSubscription.CURRENT,
                        lives.rows.values().stream()
                                .sorted(KeptSubscription.BY_KEY)
                                .toList());
                copies.copy(KeptSubscription.MILESTONES, lives.milestones);
                lives.holdings(Map.of()).write(database); // other portions' are there already
            }
        });
    }

    private static Map<UUID, KeptSubscription> read(Connection connection, List<Recorded> events) throws SQLException {
        Map<UUID, TenantId> known = new HashMap<>();
        Set<UUID> begun = new HashSet<>();
        for (Recorded recorded : events) {
            if (recorded.event() instanceof Subscribed) {
                begun.add(recorded.stream());
            } else if (!begun.contains(recorded.stream())) {
                known.put(recorded.stream(), recorded.tenant());
            }
        }
        Map<UUID, KeptSubscription> rows = new HashMap<>();
        if (known.isEmpty()) {
            return rows;
        }
        try (PreparedStatement read = connection.prepareStatement(READ)) {
            read.setArray(1, connection.createArrayOf("text", known.values().toArray()));
            read.setArray(2, connection.createArrayOf("uuid", known.keySet().toArray()));
            try (ResultSet found = read.executeQuery()) {
                while (found.next()) {
                    SubscriptionView view = StoredJson.read(found.getString(2), SubscriptionView.class);
                    rows.put(
                            view.subscriptionId().value(),
                            new KeptSubscription(
                                    new TenantId(found.getString(1)),
                                    view,
                                    new Bounds(
                                            instant(found, 3),
                                            instant(found, 4),
                                            instant(found, 5),
                                            instant(found, 6))));
                }
            }
        }
        return rows;
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
