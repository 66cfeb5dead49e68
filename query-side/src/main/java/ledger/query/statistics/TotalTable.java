package ledger.query.statistics;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import ledger.api.LedgerEvent;
import ledger.api.TenantId;
import ledger.query.Projection;
import ledger.query.Recorded;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Keeps views.total, together with the subscriptions: what statistics say of both holds at the same position. */
@Component
class TotalTable implements Projection {

    static final String GROUP = "subscription";

    private static final String ADD = "insert into views.total (tenant, kind, key, amount) values (?, ?, ?, ?) "
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
        events.stream()
                .collect(groupingBy(Recorded::tenant, mapping(Recorded::event, toList())))
                .forEach((tenant, own) -> add(tenant, Totals.of(own)));
    }

    private void add(TenantId tenant, Map<Totals.Key, BigInteger> totals) {
        List<Object[]> rows = totals.entrySet().stream()
                .map(total -> new Object[] {
                    tenant.value(), total.getKey().kind().name(), total.getKey().key(), new BigDecimal(total.getValue())
                })
                .toList();
        database.batchUpdate(ADD, rows);
    }
}
