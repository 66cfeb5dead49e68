package ledger.command.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import ledger.api.SubscriptionEvent;
import ledger.command.domain.Claims;
import ledger.command.domain.Due;
import ledger.command.domain.Evolve;
import ledger.command.domain.SubscriptionState;
import ledger.command.domain.SubscriptionState.Unborn;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/**
 * Compares what is committed beside the events with what the events say: each subscription's claims, and when it is due next. All
 * of it is read in one snapshot and in the order of the streams, so that appends go on meanwhile and memory does not grow.
 */
public final class DerivedRows {

    private static final int SHOWN = 100;
    private static final int CHUNK = 5_000;

    private static final String EVENTS =
            "select e.stream_id, e.tenant, e.type, e.revision, e.payload, exists (select from ledger.clock c "
                    + "where c.tenant = e.tenant and c.now is not null) from ledger.event e where e.stream_type = 'subscription' "
                    + "order by e.stream_id, e.version";

    private static final String ROWS = """
            select stream_id, 'due' as what, tenant || ' ' || what || ' at '
                || to_char(due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                || case when simulated then ', simulated' else '' end as row
            from ledger.due
            union all
            select stream_id, 'claim', tenant || ' ' || scope || ' ' || key from ledger.claim
            order by stream_id
            """;

    /** As the rows have it. */
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** A row that is not as the events say; {@code stored} or {@code derived} is null where there is none. */
    public record Difference(
            UUID stream,
            String table,
            @Nullable String stored,
            @Nullable String derived) {}

    /** How many differences there are up to {@code position}, and the first of them. */
    public record Report(long position, long subscriptions, long differences, List<Difference> items) {}

    private final DataSource database;

    public DerivedRows(DataSource database) {
        this.database = database;
    }

    /** Demands nothing of the ledger but patience: it reads all subscriptions' events. */
    public Report check() {
        return inSnapshot(connection -> new Comparison(connection).report());
    }

    /** Makes the due rows that differ again from the events; answers how they differed. */
    public Report rebuildDue() {
        return inSnapshot(connection -> {
            Comparison comparison = new Comparison(connection);
            Report report = comparison.report();
            for (UUID stream : comparison.wrong) {
                rearm(stream);
            }
            return report;
        });
    }

    /** Under the append lock, which nobody misses for so short a time: what the events say is what they say now. */
    private void rearm(UUID stream) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            new LedgerReads(connection).lock();
            Derived derived = new Derived(stream);
            try (PreparedStatement select =
                    connection.prepareStatement(EVENTS.replace("order by", "and e.stream_id = ? order by"))) {
                select.setObject(1, stream);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        derived.add(rows);
                    }
                }
            }
            try (PreparedStatement disarm = connection.prepareStatement(LedgerWrites.DISARM);
                    PreparedStatement arm = connection.prepareStatement(LedgerWrites.ARM)) {
                new SqlArrays(connection, disarm).texts(List.of(stream), Function.identity());
                disarm.executeUpdate();
                Due due = Due.next(derived.state).orElse(null);
                if (due != null) {
                    new SqlArrays(connection, arm)
                            .texts(List.of(stream), Function.identity())
                            .texts(List.of(derived.tenant), Function.identity())
                            .texts(List.of(due), Due::at)
                            .texts(List.of(due), Due::what);
                    arm.executeUpdate();
                }
            }
            connection.commit();
        }
    }

    /** A subscription's events, and what follows from them. */
    private static final class Derived {

        private final UUID stream;
        private final TreeSet<String> claims = new TreeSet<>();
        private SubscriptionState state = new Unborn();
        private String tenant = "";
        private boolean simulated;

        Derived(UUID stream) {
            this.stream = stream;
        }

        void add(ResultSet row) throws SQLException {
            tenant = row.getString(2);
            simulated = row.getBoolean(6);
            SubscriptionEvent event =
                    (SubscriptionEvent) StoredJson.event(row.getString(3), row.getInt(4), row.getString(5));
            for (Claims claim : Claims.of(state, event)) {
                switch (claim) {
                    case Claims.Take take -> claims.add(tenant + " " + take.scope() + " " + take.key());
                    case Claims.Release release ->
                        claims.removeIf(held -> held.startsWith(tenant + " " + release.scope() + " "));
                }
            }
            state = Evolve.evolve(state, event);
        }

        Collection<String> due() {
            return Due.next(state)
                    .map(due -> "%s %s at %s%s"
                            .formatted(tenant, due.what(), MICROS.format(due.at()), simulated ? ", simulated" : ""))
                    .map(List::of)
                    .orElse(List.of());
        }
    }

    /** Walks along the events and the rows side by side. */
    private static final class Comparison {

        private final Connection connection;
        private final List<Difference> shown = new ArrayList<>();
        private final List<UUID> wrong = new ArrayList<>();
        private long count;
        private long subscriptions;

        Comparison(Connection connection) {
            this.connection = connection;
        }

        Report report() throws SQLException {
            long position = position();
            try (Statement events = cursor();
                    Statement rows = cursor();
                    ResultSet event = events.executeQuery(EVENTS);
                    ResultSet row = rows.executeQuery(ROWS)) {
                boolean more = row.next();
                Derived derived = null;
                boolean going = event.next();
                while (going || derived != null) {
                    UUID stream = going ? event.getObject(1, UUID.class) : null;
                    if (derived != null && !derived.stream.equals(stream)) {
                        more = compare(derived, row, more);
                        derived = null;
                    } else {
                        derived = derived == null ? new Derived(Objects.requireNonNull(stream)) : derived;
                        derived.add(event);
                        going = event.next();
                    }
                }
                while (more) {
                    more = superfluous(row);
                }
            }
            return new Report(position, subscriptions, count, List.copyOf(shown));
        }

        private boolean compare(Derived derived, ResultSet row, boolean any) throws SQLException {
            subscriptions++;
            boolean more = any;
            while (more && order(row.getObject(1, UUID.class), derived.stream) < 0) {
                more = superfluous(row);
            }
            TreeSet<String> due = new TreeSet<>();
            TreeSet<String> claims = new TreeSet<>();
            while (more && row.getObject(1, UUID.class).equals(derived.stream)) {
                (row.getString(2).equals("due") ? due : claims).add(row.getString(3));
                more = row.next();
            }
            compare(derived.stream, "due", due, derived.due());
            compare(derived.stream, "claim", claims, derived.claims);
            return more;
        }

        private void compare(UUID stream, String table, Collection<String> stored, Collection<String> derived) {
            stored.stream().filter(it -> !derived.contains(it)).forEach(it -> differs(stream, table, it, null));
            derived.stream().filter(it -> !stored.contains(it)).forEach(it -> differs(stream, table, null, it));
        }

        private boolean superfluous(ResultSet row) throws SQLException {
            differs(row.getObject(1, UUID.class), row.getString(2), row.getString(3), null);
            return row.next();
        }

        private void differs(UUID stream, String table, @Nullable String stored, @Nullable String derived) {
            count++;
            if (shown.size() < SHOWN) {
                shown.add(new Difference(stream, table, stored, derived));
            }
            if (table.equals("due") && (wrong.isEmpty() || !wrong.getLast().equals(stream))) {
                wrong.add(stream);
            }
        }

        private long position() throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet head = statement.executeQuery("select coalesce(max(position), 0) from ledger.event")) {
                head.next();
                return head.getLong(1);
            }
        }

        private Statement cursor() throws SQLException {
            Statement statement = connection.createStatement();
            statement.setFetchSize(CHUNK);
            return statement;
        }

        /** As the database orders them. */
        private static int order(UUID one, UUID other) {
            int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
            return high != 0
                    ? high
                    : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
        }
    }

    private interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    private <T> T inSnapshot(Question<T> question) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            T answer = question.ask(connection);
            connection.rollback();
            return answer;
        } catch (SQLException e) {
            var translated = new SQLStateSQLExceptionTranslator().translate("comparing derived rows", EVENTS, e);
            throw translated == null ? new UncategorizedSQLException("comparing derived rows", EVENTS, e) : translated;
        }
    }
}
