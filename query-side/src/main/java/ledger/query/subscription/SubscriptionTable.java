package ledger.query.subscription;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
import ledger.query.Column;
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

    private static final String WRITE = """
            insert into subscription (customer_id, reference, product, plan, status, live, auto_renew, cancel_at_period_end,
                started_at, paid_through, ends_at, tenant, subscription_id, version, effective_from, recorded_from, effective_through, recorded_through, document)
            select customer_id, reference, product, plan, status, live, auto_renew, cancel_at_period_end,
                started_at, paid_through, ends_at, tenant, subscription_id, version, effective_from, recorded_from, effective_through,
                recorded_through, document::json
            from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bool[], ?::bool[], ?::bool[],
                ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::uuid[], ?::bigint[], ?::timestamptz[],
                ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::text[])
                changed (customer_id, reference, product, plan, status, live, auto_renew, cancel_at_period_end,
                started_at, paid_through, ends_at, tenant, subscription_id, version, effective_from, recorded_from, effective_through, recorded_through, document)
            on conflict (tenant, subscription_id) do update set
                product = excluded.product, plan = excluded.plan, status = excluded.status, live = excluded.live,
                auto_renew = excluded.auto_renew, cancel_at_period_end = excluded.cancel_at_period_end,
                paid_through = excluded.paid_through, ends_at = excluded.ends_at, version = excluded.version,
                effective_from = excluded.effective_from, recorded_from = excluded.recorded_from,
                effective_through = excluded.effective_through, recorded_through = excluded.recorded_through,
                document = excluded.document
            """;

    private static final String KEEP = """
            insert into subscription_milestone
                (tenant, subscription_id, version, effective_from, recorded_from, effective_through, recorded_through, document)
            select tenant, subscription_id, version, effective_from, recorded_from, effective_through, recorded_through, document::json
            from unnest(?::text[], ?::uuid[], ?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[],
                    ?::timestamptz[], ?::text[])
                kept (tenant, subscription_id, version, effective_from, recorded_from, effective_through, recorded_through, document)
            """;

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
            Map<UUID, KeptSubscription> rows = new LinkedHashMap<>(before);
            List<KeptSubscription> milestones = new ArrayList<>();
            for (Recorded recorded : events) {
                KeptSubscription next = KeptSubscription.next(rows.get(recorded.stream()), recorded);
                rows.put(recorded.stream(), next);
                if (next.isMilestone()) {
                    milestones.add(next);
                }
            }
            write(connection, WRITE, KeptSubscription.COLUMNS, rows.values());
            if (!milestones.isEmpty()) {
                write(connection, KEEP, KeptSubscription.MILESTONE_COLUMNS, milestones);
            }
            Holdings holdings = new Holdings();
            rows.forEach((stream, row) -> {
                KeptSubscription old = before.get(stream);
                holdings.replace(row.tenant(), old == null ? null : old.view(), row.view());
            });
            holdings.write(database);
            return true;
        });
    }

    @Override
    public Map<String, String> origins() {
        String own = "e.stream_id = (r ->> 'subscription_id')::uuid";
        return Map.of(
                "subscription", own, "subscription_milestone", own + " and e.version <= (r ->> 'version')::bigint");
    }

    @Override
    public Optional<Folding> folding() {
        Map<UUID, KeptSubscription> rows = new ConcurrentHashMap<>();
        Queue<KeptSubscription> milestones = new ConcurrentLinkedQueue<>();
        return Optional.of(new Folding() {
            @Override
            public void add(Recorded event) {
                KeptSubscription next = KeptSubscription.next(rows.get(event.stream()), event);
                rows.put(event.stream(), next);
                if (next.isMilestone()) {
                    milestones.add(next);
                }
            }

            @Override
            public void write(Copies copies) {
                copies.copy(
                        "subscription",
                        KeptSubscription.COLUMNS,
                        rows.values().stream().sorted(KeptSubscription.BY_KEY).toList());
                copies.copy("subscription_milestone", KeptSubscription.MILESTONE_COLUMNS, milestones);
                Holdings holdings = new Holdings();
                rows.values().forEach(row -> holdings.add(row.tenant(), row.view()));
                holdings.write(database); // other parts' are there already
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

    private static <R> void write(Connection connection, String sql, List<Column<R>> columns, Collection<R> rows)
            throws SQLException {
        try (PreparedStatement write = connection.prepareStatement(sql)) {
            for (int i = 0; i < columns.size(); i++) {
                write.setArray(i + 1, columns.get(i).array(connection, rows));
            }
            write.executeUpdate();
        }
    }
}
