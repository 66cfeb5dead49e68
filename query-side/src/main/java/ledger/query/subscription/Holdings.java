package ledger.query.subscription;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import ledger.api.Money;
import ledger.api.SubscriptionStatus;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.api.Term;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How many subscriptions are alike, and what they pay for a term together, in minor units. Kept in a table, change by change, so that
 * nobody has to count.
 */
public final class Holdings {

    private static final String READ =
            "select status, currency, term_unit, term_every, subscriptions, charge from holding where tenant = ?";

    private static final String ADD = """
            insert into holding (tenant, status, currency, term_unit, term_every, subscriptions, charge)
            values (?, ?, ?, ?, ?, ?, ?)
            on conflict (tenant, status, currency, term_unit, term_every) do update set
                subscriptions = holding.subscriptions + excluded.subscriptions, charge = holding.charge + excluded.charge
            """;

    private static final String CLEAR = """
            delete from holding
            where (tenant, status, currency, term_unit, term_every) = (?, ?, ?, ?, ?) and subscriptions = 0
            """;

    /** What those that are counted together have in common. */
    public record Alike(SubscriptionStatus status, Currency currency, Term term) {}

    public record Holding(Alike alike, long subscriptions, BigDecimal charge) {

        private Holding plus(Holding other) {
            return new Holding(alike, subscriptions + other.subscriptions, charge.add(other.charge));
        }
    }

    private record Key(TenantId tenant, Alike alike) {

        /** Always in the same order: whoever writes at the same time waits and does not stand crosswise. */
        static final Comparator<Key> ORDER = Comparator.comparing((Key key) -> key.tenant.value())
                .thenComparing(key -> key.alike.status)
                .thenComparing(key -> key.alike.currency.getCurrencyCode())
                .thenComparing(key -> key.alike.term.unit())
                .thenComparing(key -> key.alike.term.every());

        Stream<Object> columns() {
            return Stream.of(
                    tenant.value(),
                    alike.status.name(),
                    alike.currency.getCurrencyCode(),
                    alike.term.unit().name(),
                    alike.term.every());
        }
    }

    private final Map<Key, Holding> held = new TreeMap<>(Key.ORDER);

    /** Those that the table has of a tenant. */
    public static Holdings read(JdbcClient database, TenantId tenant) {
        Holdings holdings = new Holdings();
        database.sql(READ).param(tenant.value()).query(row -> {
            Alike alike = new Alike(
                    SubscriptionStatus.valueOf(row.getString("status")),
                    Currency.getInstance(row.getString("currency")),
                    new Term(row.getInt("term_every"), Term.Unit.valueOf(row.getString("term_unit"))));
            holdings.add(tenant, new Holding(alike, row.getLong("subscriptions"), row.getBigDecimal("charge")));
        });
        return holdings;
    }

    /** What was held is held no more, and something else is; null for what there was not yet. */
    public void replace(TenantId tenant, @Nullable SubscriptionView before, SubscriptionView after) {
        if (before != null) {
            count(tenant, before, -1);
        }
        count(tenant, after, 1);
    }

    public void add(TenantId tenant, SubscriptionView view) {
        count(tenant, view, 1);
    }

    void add(TenantId tenant, Holding more) {
        held.merge(new Key(tenant, more.alike), more, Holding::plus);
    }

    /** Those of all tenants that were added. */
    public List<Holding> all() {
        return held.values().stream().filter(one -> one.subscriptions != 0).toList();
    }

    private void count(TenantId tenant, SubscriptionView view, int sign) {
        Money charge = view.price().forQuantity(view.quantity());
        Alike alike = new Alike(view.status(), charge.currency(), view.price().term());
        add(tenant, new Holding(alike, sign, BigDecimal.valueOf(sign * charge.amount())));
    }

    /** Adds them to those that are in the table. */
    void write(JdbcTemplate database) {
        List<Object[]> changed = new ArrayList<>();
        List<Object[]> fewer = new ArrayList<>();
        held.forEach((key, more) -> {
            if (more.subscriptions != 0 || more.charge.signum() != 0) {
                changed.add(Stream.concat(key.columns(), Stream.of(more.subscriptions, more.charge))
                        .toArray());
            }
            if (more.subscriptions < 0) {
                fewer.add(key.columns().toArray());
            }
        });
        if (!changed.isEmpty()) {
            database.batchUpdate(ADD, changed);
        }
        if (!fewer.isEmpty()) {
            database.batchUpdate(CLEAR, fewer);
        }
    }
}
