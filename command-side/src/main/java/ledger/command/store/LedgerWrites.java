package ledger.command.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import ledger.api.Rejected;
import ledger.api.TenantId;
import ledger.command.store.Append.DueChange;
import ledger.command.store.Append.NewEvent;
import ledger.command.store.Batch.Given;
import ledger.command.store.Batch.Released;
import ledger.command.store.Batch.Slot;
import org.jspecify.annotations.Nullable;

/** What a batch stores: a statement for each kind of row that it has, all of them and the commit sent together. */
final class LedgerWrites {

    private static final String RELEASE = """
            delete from ledger.claim c using unnest(?::text[], ?::text[], ?::text[], ?::text[]) released (tenant, scope, key, id)
            where c.tenant = released.tenant and c.scope = released.scope and c.key = released.key
                and c.stream_id = released.id::uuid;
            """;

    private static final String INSERT_EVENTS = """
            insert into ledger.event
                (position, tenant, stream_id, stream_type, version, event_id, type, revision, effective_at, payload, metadata)
            select ? + ordinality, tenant, stream_id::uuid, stream_type, version, event_id::uuid, type, revision,
                   effective_at::timestamptz, payload::json, metadata::json
            from unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::text[],
                        ?::text[], ?::text[]) with ordinality
                 e (tenant, stream_id, stream_type, version, event_id, type, revision, effective_at, payload, metadata, ordinality);
            """;

    private static final String TAKE = """
            insert into ledger.claim (tenant, scope, key, slot, stream_id)
            select tenant, scope, key, slot, id::uuid
            from unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[]) taken (tenant, scope, key, slot, id);
            """;

    static final String DISARM = """
            delete from ledger.due d using unnest(?::text[]) ended (id) where d.stream_id = ended.id::uuid;
            """;

    static final String ARM = """
            insert into ledger.due (stream_id, tenant, due_at, what, simulated)
            select d.id::uuid, d.tenant, d.due_at::timestamptz, d.what,
                   exists (select from ledger.clock c where c.tenant = d.tenant and c.now is not null)
            from unnest(?::text[], ?::text[], ?::text[], ?::text[]) d (id, tenant, due_at, what)
            on conflict (stream_id) do update
                set due_at = excluded.due_at, what = excluded.what, leased_until = null;
            """;

    private static final String ANSWER = """
            insert into ledger.idempotency
                (tenant, actor, key, request, stream_id, version, position, problem, detail, facts)
            select tenant, actor, key, request, id::uuid, version, position, problem, detail, facts::json
            from unnest(?::text[], ?::text[], ?::text[], ?::bytea[], ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[],
                        ?::text[])
                 a (tenant, actor, key, request, id, version, position, problem, detail, facts);
            """;

    private static final String NOTIFY = "select pg_notify('ledger_appended', ?);";

    private static final String COMMIT = "commit";

    private static final String USED = """
            insert into ledger.clock (tenant, used) select unnest(?::text[]), true
            on conflict (tenant) do update set used = true where not clock.used
            """;

    private record TenantEvent(TenantId tenant, NewEvent event) {}

    private final Connection connection;

    LedgerWrites(Connection connection) {
        this.connection = connection;
    }

    /** From its first event on a tenant's time is what it is: its clock can no longer be made a simulated one. */
    void used(Set<TenantId> tenants) throws SQLException {
        try (PreparedStatement used = connection.prepareStatement(USED)) {
            new SqlArrays(connection, used).texts(tenants, Function.identity());
            used.executeUpdate();
        }
    }

    void writeAndCommit(Batch batch) throws SQLException {
        List<Part> parts = parts(batch);
        StringBuilder sql = new StringBuilder();
        parts.forEach(part -> sql.append(part.sql));
        try (PreparedStatement write =
                connection.prepareStatement(sql.append(COMMIT).toString())) {
            SqlArrays columns = new SqlArrays(connection, write);
            for (Part part : parts) {
                part.parameters.add(columns);
            }
            write.execute();
        }
    }

    /** A statement and what goes into it. */
    private record Part(String sql, Parameters parameters) {}

    private interface Parameters {
        void add(SqlArrays columns) throws SQLException;
    }

    /** Of the statements, those that have something to do; what is given back may be taken again. */
    private static List<Part> parts(Batch batch) {
        List<Part> parts = new ArrayList<>();
        if (!batch.released.isEmpty()) {
            parts.add(new Part(RELEASE, columns -> released(columns, batch.released)));
        }
        if (batch.position() > batch.start()) {
            parts.add(new Part(INSERT_EVENTS, columns -> events(columns, batch)));
            parts.add(new Part(NOTIFY, columns -> columns.text(Long.toString(batch.position()))));
        }
        if (!batch.taken.isEmpty()) {
            parts.add(new Part(TAKE, columns -> taken(columns, batch.taken)));
        }
        Collection<DueChange> due = due(batch.winners);
        List<DueChange> ended = due.stream().filter(it -> it.at() == null).toList();
        if (!ended.isEmpty()) {
            parts.add(new Part(DISARM, columns -> columns.texts(ended, DueChange::stream)));
        }
        List<DueChange> armed = due.stream().filter(it -> it.at() != null).toList();
        if (!armed.isEmpty()) {
            parts.add(new Part(ARM, columns -> armed(columns, armed)));
        }
        if (!batch.answers.isEmpty()) {
            parts.add(new Part(ANSWER, columns -> answers(columns, batch.answers)));
        }
        return parts;
    }

    private static void released(SqlArrays columns, List<Released> released) throws SQLException {
        columns.texts(released, one -> one.key().tenant())
                .texts(released, one -> one.key().scope())
                .texts(released, one -> one.key().key())
                .texts(released, Released::stream);
    }

    private static void events(SqlArrays columns, Batch batch) throws SQLException {
        List<TenantEvent> events = new ArrayList<>();
        for (Append append : batch.winners) {
            append.events().forEach(event -> events.add(new TenantEvent(append.tenant(), event)));
        }
        columns.number(batch.start())
                .texts(events, TenantEvent::tenant)
                .texts(events, one -> one.event.stream())
                .texts(events, one -> one.event.streamType())
                .numbers(events, one -> one.event.version())
                .texts(events, one -> one.event.id())
                .texts(events, one -> one.event.type())
                .numbers(events, one -> (long) one.event.revision())
                .texts(events, one -> one.event.effectiveAt())
                .texts(events, one -> one.event.payload())
                .texts(events, one -> one.event.metadata());
    }

    private static void taken(SqlArrays columns, List<Slot> slots) throws SQLException {
        columns.texts(slots, slot -> slot.key().tenant())
                .texts(slots, slot -> slot.key().scope())
                .texts(slots, slot -> slot.key().key())
                .numbers(slots, slot -> (long) slot.number())
                .texts(slots, Slot::stream);
    }

    /** A stream has one deadline: what its last command in the batch says. */
    private static Collection<DueChange> due(List<Append> winners) {
        Map<UUID, DueChange> last = new LinkedHashMap<>();
        for (Append append : winners) {
            if (append.due() instanceof DueChange due) {
                last.put(due.stream(), due);
            }
        }
        return last.values();
    }

    private static void armed(SqlArrays columns, List<DueChange> armed) throws SQLException {
        columns.texts(armed, DueChange::stream)
                .texts(armed, DueChange::tenant)
                .texts(armed, DueChange::at)
                .texts(armed, DueChange::what);
    }

    private static void answers(SqlArrays columns, List<Given> answers) throws SQLException {
        columns.texts(answers, Given::tenant)
                .texts(answers, given -> given.answer().actor())
                .texts(answers, given -> given.answer().key())
                .bytes(answers, given -> given.answer().request())
                .texts(answers, given -> given.answer().stream())
                .numbers(answers, given -> given.answer().version())
                .numbers(answers, given -> given.answer().position())
                .texts(
                        answers,
                        given -> refused(given, refusal -> refusal.problem().name()))
                .texts(answers, given -> refused(given, Rejected::detail))
                .texts(
                        answers,
                        given -> refused(given, refusal -> StoredJson.MAPPER.writeValueAsString(refusal.facts())));
    }

    private static @Nullable String refused(Given given, Function<Rejected, String> part) {
        return given.answer().refusal() instanceof Rejected refusal ? part.apply(refusal) : null;
    }
}
