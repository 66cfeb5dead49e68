package ledger.command.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import ledger.api.TenantId;
import ledger.command.store.Append.DueChange;
import ledger.command.store.Append.NewEvent;
import ledger.command.store.Batch.Given;
import ledger.command.store.Batch.Slot;
import org.jspecify.annotations.Nullable;

/** What an append stores, a statement for each kind of row of a whole batch. */
final class LedgerWrites {

    private static final String INSERT_EVENTS = """
            insert into ledger.event
                (position, tenant, stream_id, stream_type, version, event_id, type, revision, effective_at, payload, metadata)
            select ? + ordinality, tenant, stream_id, stream_type, version, event_id, type, revision, effective_at,
                   payload::json, metadata::json
            from unnest(?::text[], ?::uuid[], ?::text[], ?::bigint[], ?::uuid[], ?::text[], ?::int[], ?::timestamptz[],
                        ?::text[], ?::text[]) with ordinality
                 e (tenant, stream_id, stream_type, version, event_id, type, revision, effective_at, payload, metadata, ordinality)
            """;

    private static final String RELEASE = """
            delete from ledger.claim c using unnest(?::uuid[], ?::text[]) released (stream_id, scope)
            where c.stream_id = released.stream_id and c.scope = released.scope
            """;

    private static final String TAKE = """
            insert into ledger.claim (tenant, scope, key, slot, stream_id)
            select * from unnest(?::text[], ?::text[], ?::text[], ?::int[], ?::uuid[])
            """;

    static final String DISARM = "delete from ledger.due where stream_id = any (?::uuid[])";

    static final String ARM = """
            insert into ledger.due (stream_id, tenant, due_at, what, simulated)
            select d.stream_id, d.tenant, d.due_at, d.what,
                   exists (select from ledger.clock c where c.tenant = d.tenant and c.now is not null)
            from unnest(?::uuid[], ?::text[], ?::timestamptz[], ?::text[]) d (stream_id, tenant, due_at, what)
            on conflict (stream_id) do update
                set due_at = excluded.due_at, what = excluded.what, leased_until = null
            """;

    private static final String ANSWER = """
            insert into ledger.idempotency (tenant, actor, key, request, stream_id, version, position, problem, detail)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String USED = """
            insert into ledger.clock (tenant, used) select unnest(?::text[]), true
            on conflict (tenant) do update set used = true where not clock.used
            """;

    private static final String NOTIFY = "select pg_notify('ledger_appended', ?)";

    private final Connection connection;

    LedgerWrites(Connection connection) {
        this.connection = connection;
    }

    void write(Batch batch) throws SQLException {
        if (!batch.released.isEmpty()) {
            release(batch.released);
        }
        if (batch.position() > batch.start()) {
            events(batch);
        }
        if (!batch.taken.isEmpty()) {
            take(batch.taken);
        }
        due(batch.winners);
        if (!batch.answers.isEmpty()) {
            answer(batch.answers);
        }
    }

    /** From its first event on a tenant's time is what it is: its clock can no longer be made a simulated one. */
    void used(Set<TenantId> tenants) throws SQLException {
        try (PreparedStatement used = connection.prepareStatement(USED)) {
            used.setArray(1, SqlArrays.of(connection, "text", tenants, TenantId::value));
            used.executeUpdate();
        }
    }

    void notifyReaders(long position) throws SQLException {
        try (PreparedStatement notify = connection.prepareStatement(NOTIFY)) {
            notify.setString(1, Long.toString(position));
            notify.execute();
        }
    }

    private void events(Batch batch) throws SQLException {
        List<NewEvent> events = batch.winners.stream()
                .flatMap(append -> append.events().stream())
                .toList();
        List<String> tenants = batch.winners.stream()
                .flatMap(append ->
                        append.events().stream().map(_ -> append.tenant().value()))
                .toList();
        try (PreparedStatement insert = connection.prepareStatement(INSERT_EVENTS)) {
            insert.setLong(1, batch.start());
            insert.setArray(2, SqlArrays.of(connection, "text", tenants, Function.identity()));
            insert.setArray(3, SqlArrays.of(connection, "uuid", events, NewEvent::stream));
            insert.setArray(4, SqlArrays.of(connection, "text", events, NewEvent::streamType));
            insert.setArray(5, SqlArrays.of(connection, "int8", events, NewEvent::version));
            insert.setArray(6, SqlArrays.of(connection, "uuid", events, NewEvent::id));
            insert.setArray(7, SqlArrays.of(connection, "text", events, NewEvent::type));
            insert.setArray(8, SqlArrays.of(connection, "int4", events, NewEvent::revision));
            insert.setArray(9, SqlArrays.of(connection, "timestamptz", events, event -> utc(event.effectiveAt())));
            insert.setArray(10, SqlArrays.of(connection, "text", events, NewEvent::payload));
            insert.setArray(11, SqlArrays.of(connection, "text", events, NewEvent::metadata));
            insert.executeUpdate();
        }
    }

    private void release(Map<UUID, Set<String>> released) throws SQLException {
        record Released(UUID stream, String scope) {}
        List<Released> all = released.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(scope -> new Released(entry.getKey(), scope)))
                .toList();
        try (PreparedStatement delete = connection.prepareStatement(RELEASE)) {
            delete.setArray(1, SqlArrays.of(connection, "uuid", all, Released::stream));
            delete.setArray(2, SqlArrays.of(connection, "text", all, Released::scope));
            delete.executeUpdate();
        }
    }

    private void take(List<Slot> slots) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(TAKE)) {
            insert.setArray(
                    1,
                    SqlArrays.of(
                            connection,
                            "text",
                            slots,
                            slot -> slot.key().tenant().value()));
            insert.setArray(
                    2,
                    SqlArrays.of(connection, "text", slots, slot -> slot.key().scope()));
            insert.setArray(
                    3,
                    SqlArrays.of(connection, "text", slots, slot -> slot.key().key()));
            insert.setArray(4, SqlArrays.of(connection, "int4", slots, Slot::number));
            insert.setArray(5, SqlArrays.of(connection, "uuid", slots, Slot::stream));
            insert.executeUpdate();
        }
    }

    private void due(List<Append> winners) throws SQLException {
        Map<UUID, DueChange> last = new HashMap<>();
        for (Append append : winners) {
            if (append.due() != null) {
                last.put(append.due().stream(), append.due());
            }
        }
        List<DueChange> ended =
                last.values().stream().filter(due -> due.at() == null).toList();
        if (!ended.isEmpty()) {
            try (PreparedStatement disarm = connection.prepareStatement(DISARM)) {
                disarm.setArray(1, SqlArrays.of(connection, "uuid", ended, DueChange::stream));
                disarm.executeUpdate();
            }
        }
        List<DueChange> armed =
                last.values().stream().filter(due -> due.at() != null).toList();
        if (!armed.isEmpty()) {
            try (PreparedStatement arm = connection.prepareStatement(ARM)) {
                arm.setArray(1, SqlArrays.of(connection, "uuid", armed, DueChange::stream));
                arm.setArray(
                        2,
                        SqlArrays.of(
                                connection, "text", armed, due -> due.tenant().value()));
                arm.setArray(3, SqlArrays.of(connection, "timestamptz", armed, due -> utc(due.at())));
                arm.setArray(4, SqlArrays.of(connection, "text", armed, DueChange::what));
                arm.executeUpdate();
            }
        }
    }

    private void answer(List<Given> answers) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ANSWER)) {
            for (Given given : answers) {
                Answer answer = given.answer();
                insert.setString(1, given.tenant().value());
                insert.setString(2, answer.actor());
                insert.setString(3, answer.key());
                insert.setBytes(4, answer.request());
                insert.setObject(5, answer.stream());
                insert.setLong(6, answer.version());
                insert.setLong(7, answer.position());
                insert.setString(
                        8, answer.problem() == null ? null : answer.problem().name());
                insert.setString(9, answer.detail());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
