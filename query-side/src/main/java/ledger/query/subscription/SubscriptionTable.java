package ledger.query.subscription;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import ledger.api.EventTypes;
import ledger.api.Money;
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
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Keeps the table subscription: reads the rows that a batch of events touches, folds in memory, writes each row once. */
@Component
class SubscriptionTable implements Projection {

    static final String GROUP = "subscription";

    private static final String READ =
            "select tenant, subscription_id, document from subscription where (tenant, subscription_id) in "
                    + "(select * from unnest(?::text[], ?::uuid[]))";

    private static final String WRITE = """
            insert into subscription (tenant, subscription_id, customer_id, reference, product, plan, status, live,
                auto_renew, cancel_at_period_end, started_at, paid_through, ends_at, currency, term_unit, term_every, charge,
                version, document)
            select tenant, subscription_id, customer_id, reference, product, plan, status, live,
                auto_renew, cancel_at_period_end, started_at, paid_through, ends_at, currency, term_unit, term_every, charge,
                version, document::json
            from unnest(?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bool[], ?::bool[],
                ?::bool[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::text[], ?::int[], ?::bigint[],
                ?::bigint[], ?::text[])
                changed (tenant, subscription_id, customer_id, reference, product, plan, status, live,
                auto_renew, cancel_at_period_end, started_at, paid_through, ends_at, currency, term_unit, term_every, charge,
                version, document)
            on conflict (tenant, subscription_id) do update set
                product = excluded.product, plan = excluded.plan, status = excluded.status, live = excluded.live,
                auto_renew = excluded.auto_renew, cancel_at_period_end = excluded.cancel_at_period_end,
                paid_through = excluded.paid_through, ends_at = excluded.ends_at, currency = excluded.currency,
                term_unit = excluded.term_unit, term_every = excluded.term_every, charge = excluded.charge,
                version = excluded.version, document = excluded.document
            """;

    private static final List<Column<Row>> COLUMNS = List.of(
            new Column<>("tenant", "text", Row::tenant),
            new Column<>("subscription_id", "uuid", row -> row.view.subscriptionId()),
            new Column<>("customer_id", "text", row -> row.view.customerId()),
            new Column<>("reference", "text", row -> row.view.reference()),
            new Column<>("product", "text", row -> row.view.product()),
            new Column<>("plan", "text", row -> row.view.plan()),
            new Column<>("status", "text", row -> row.view.status()),
            new Column<>("live", "bool", Row::live),
            new Column<>("auto_renew", "bool", row -> row.view.autoRenew()),
            new Column<>("cancel_at_period_end", "bool", row -> row.view.cancelAtPeriodEnd()),
            new Column<>("started_at", "timestamptz", row -> row.view.startedAt()),
            new Column<>("paid_through", "timestamptz", row -> SubscriptionFold.paidThrough(row.view)),
            new Column<>("ends_at", "timestamptz", row -> row.view.endsAt()),
            new Column<>("currency", "text", row -> row.charge().currency()),
            new Column<>("term_unit", "text", row -> row.view.price().term().unit()),
            new Column<>("term_every", "int", row -> row.view.price().term().every()),
            new Column<>("charge", "bigint", row -> row.charge().amount()),
            new Column<>("version", "bigint", row -> row.view.version()),
            new Column<>("document", "text", row -> StoredJson.write(row.view)));

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
            Map<UUID, Row> rows = read(connection, events);
            for (Recorded recorded : events) {
                rows.put(recorded.stream(), next(rows.get(recorded.stream()), recorded));
            }
            return write(connection, List.copyOf(rows.values()));
        });
    }

    @Override
    public Map<String, String> origins() {
        return Map.of("subscription", "e.stream_id = (r ->> 'subscription_id')::uuid");
    }

    @Override
    public Optional<Folding> folding() {
        Map<UUID, Row> rows = new ConcurrentHashMap<>();
        return Optional.of(new Folding() {
            @Override
            public void add(Recorded event) {
                rows.put(event.stream(), next(rows.get(event.stream()), event));
            }

            @Override
            public void write(Copies copies) {
                copies.copy(
                        "subscription",
                        COLUMNS,
                        rows.values().stream().sorted(Row.BY_KEY).toList());
            }
        });
    }

    private record Row(TenantId tenant, SubscriptionView view) {

        static final Comparator<Row> BY_KEY = Comparator.comparing((Row row) -> row.tenant.value())
                .thenComparing(row -> row.view.subscriptionId().value());

        boolean live() {
            return view.status().isLive();
        }

        Money charge() {
            return view.price().forQuantity(view.quantity());
        }
    }

    private static Row next(@Nullable Row row, Recorded recorded) {
        SubscriptionEvent event = (SubscriptionEvent) recorded.event();
        long expected = row == null ? 0 : row.view.version() + 1;
        if (recorded.version() != expected || (row == null && !(event instanceof Subscribed))) {
            throw new IllegalStateException("the %s at position %d is version %d of %s, where %d was expected"
                    .formatted(
                            EventTypes.of(event.getClass()).value(),
                            recorded.position(),
                            recorded.version(),
                            recorded.stream(),
                            expected));
        }
        return new Row(
                recorded.tenant(), SubscriptionFold.fold(row == null ? null : row.view, event, recorded.version()));
    }

    private static Map<UUID, Row> read(Connection connection, List<Recorded> events) throws SQLException {
        Map<UUID, TenantId> known = new HashMap<>();
        Set<UUID> begun = new HashSet<>();
        for (Recorded recorded : events) {
            if (recorded.event() instanceof Subscribed) {
                begun.add(recorded.stream());
            } else if (!begun.contains(recorded.stream())) {
                known.put(recorded.stream(), recorded.tenant());
            }
        }
        Map<UUID, Row> rows = new LinkedHashMap<>();
        if (known.isEmpty()) {
            return rows;
        }
        try (PreparedStatement read = connection.prepareStatement(READ)) {
            read.setArray(1, connection.createArrayOf("text", known.values().toArray()));
            read.setArray(2, connection.createArrayOf("uuid", known.keySet().toArray()));
            try (ResultSet found = read.executeQuery()) {
                while (found.next()) {
                    rows.put(
                            found.getObject(2, UUID.class),
                            new Row(
                                    new TenantId(found.getString(1)),
                                    StoredJson.read(found.getString(3), SubscriptionView.class)));
                }
            }
        }
        return rows;
    }

    private static boolean write(Connection connection, List<Row> rows) throws SQLException {
        try (PreparedStatement write = connection.prepareStatement(WRITE)) {
            for (int i = 0; i < COLUMNS.size(); i++) {
                write.setArray(i + 1, COLUMNS.get(i).array(connection, rows));
            }
            return write.executeUpdate() > 0;
        }
    }
}
