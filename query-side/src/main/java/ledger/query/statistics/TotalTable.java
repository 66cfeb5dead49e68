package ledger.query.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import ledger.api.LedgerEvent;
import ledger.query.Copies;
import ledger.query.Folding;
import ledger.query.Projection;
import ledger.query.Recorded;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Keeps the table total, together with the subscriptions: what statistics say of both holds at the same position. */
@Component
@Order(Ordered.LOWEST_PRECEDENCE - 1) // it takes everything, so after those that may refuse an event
class TotalTable implements Projection {

    static final String GROUP = "subscription";

    private static final String ADD = "insert into total (tenant, kind, key, amount) values (?, ?, ?, ?) "
            + "on conflict (tenant, kind, key) do update set amount = total.amount + excluded.amount";

    private final JdbcTemplate database;

    TotalTable(JdbcTemplate database) {
        this.database = database;
    }

    @Override
    public String group() {
        return GROUP;
    }

    @Override
    public boolean concerns(Class<?> event) {
        return LedgerEvent.class.isAssignableFrom(event);
    }

    @Override
    public void apply(List<Recorded> events) {
        Sums sums = new Sums();
        events.forEach(sums::add);
        sums.write(database);
    }

    @Override
    public Optional<Folding> folding() {
        Sums sums = new Sums();
        return Optional.of(new Folding() {
            @Override
            public synchronized void add(Recorded event) {
                sums.add(event);
            }

            @Override
            public void write(Copies copies) {
                sums.write(database); // other streams' are there already
            }
        });
    }

    private static final class Sums {

        private final SortedMap<String, Totals> byTenant = new TreeMap<>();

        void add(Recorded recorded) {
            byTenant.computeIfAbsent(recorded.tenant().value(), _ -> new Totals())
                    .add(recorded.event());
        }

        /** Always in the same order: whoever writes at the same time waits and does not stand crosswise. */
        void write(JdbcTemplate database) {
            List<Object[]> rows = new ArrayList<>();
            byTenant.forEach((tenant, totals) -> totals.sorted()
                    .forEach((key, amount) ->
                            rows.add(new Object[] {tenant, key.kind().name(), key.key(), new BigDecimal(amount)})));
            database.batchUpdate(ADD, rows);
        }
    }
}
