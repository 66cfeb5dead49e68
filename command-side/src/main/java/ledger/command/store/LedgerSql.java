package ledger.command.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import ledger.api.Problem;
import ledger.api.TenantId;
import ledger.command.domain.Claims;
import ledger.command.store.Append.DueChange;
import ledger.command.store.Append.Guard;
import ledger.command.store.Append.NewEvent;
import ledger.command.store.Batch.AnswerKey;
import ledger.command.store.Batch.ClaimKey;
import ledger.command.store.Batch.Given;
import ledger.command.store.Batch.Known;
import ledger.command.store.Batch.Slot;
import org.jspecify.annotations.Nullable;

/** The statements of an append, each for a whole batch. */
final class LedgerSql {

    /** The key of the cluster-wide lock under which positions are given out: "ledger" in ASCII. */
    static final long APPEND_LOCK = 0x6c6564676572L;

    private static final String LOCK = "select pg_advisory_xact_lock(" + APPEND_LOCK + ")";

    private static final String POSITION = "select coalesce(max(position), 0) from ledger.event";

    private static final String VERSIONS = """
            select wanted.stream_id, latest.version
            from unnest(?::uuid[]) wanted (stream_id),
                 lateral (select version from ledger.event e where e.stream_id = wanted.stream_id order by version desc limit 1) latest
            """;

    private static final String CLAIMS = """
            select c.tenant, c.scope, c.key, c.slot, c.stream_id
            from unnest(?::text[], ?::text[], ?::text[]) wanted (tenant, scope, key)
                 join ledger.claim c using (tenant, scope, key)
            """;

    private static final String ANSWERS = """
            select a.tenant, a.actor, a.key, a.request, a.stream_id, a.version, a.position, a.problem, a.detail
            from unnest(?::text[], ?::text[], ?::text[]) wanted (tenant, actor, key)
                 join ledger.idempotency a using (tenant, actor, key)
            """;

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

    private static final String DISARM = "delete from ledger.due where stream_id = any (?::uuid[])";

    private static final String ARM = """
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

    LedgerSql(Connection connection) {
        this.connection = connection;
    }

    void lock() throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.execute();
        }
    }

    /** What the ledger holds of everything that these appends depend on; to be called under the lock. */
    Known known(Collection<Append> appends) throws SQLException {
        return new Known(position(), versions(appends), claims(appends), answers(appends));
    }

    /** Whether this batch was committed: what any one of its rows says, it says of all. */
    boolean holds(Batch batch) throws SQLException {
        for (Append append : batch.winners) {
            if (!append.events().isEmpty()) {
                return holds(append.events().getFirst());
            }
        }
        Given given = batch.answers.getFirst();
        try (PreparedStatement find = connection.prepareStatement(
                "select exists (select from ledger.idempotency where tenant = ? and actor = ? and key = ?)")) {
            find.setString(1, given.tenant().value());
            find.setString(2, given.answer().actor());
            find.setString(3, given.answer().key());
            return isTrue(find);
        }
    }

    private boolean holds(NewEvent event) throws SQLException {
        try (PreparedStatement find = connection.prepareStatement(
                "select exists (select from ledger.event where stream_id = ? and version = ? and event_id = ?)")) {
            find.setObject(1, event.stream());
            find.setLong(2, event.version());
            find.setObject(3, event.id());
            return isTrue(find);
        }
    }

    private static boolean isTrue(PreparedStatement question) throws SQLException {
        try (ResultSet row = question.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
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
            used.setArray(1, array("text", tenants, TenantId::value));
            used.executeUpdate();
        }
    }

    void notifyReaders(long position) throws SQLException {
        try (PreparedStatement notify = connection.prepareStatement(NOTIFY)) {
            notify.setString(1, Long.toString(position));
            notify.execute();
        }
    }

    private long position() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(POSITION);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private Map<UUID, Long> versions(Collection<Append> appends) throws SQLException {
        Set<UUID> streams = new LinkedHashSet<>();
        for (Append append : appends) {
            append.guards().stream().map(Guard::stream).forEach(streams::add);
            append.events().stream().map(NewEvent::stream).forEach(streams::add);
        }
        Map<UUID, Long> versions = new HashMap<>();
        if (streams.isEmpty()) {
            return versions;
        }
        try (PreparedStatement select = connection.prepareStatement(VERSIONS)) {
            select.setArray(1, array("uuid", streams, Function.identity()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    versions.put(rows.getObject(1, UUID.class), rows.getLong(2));
                }
            }
        }
        return versions;
    }

    private Map<ClaimKey, TreeMap<Integer, UUID>> claims(Collection<Append> appends) throws SQLException {
        Set<ClaimKey> keys = new LinkedHashSet<>();
        for (Append append : appends) {
            for (Claims claim : append.claims()) {
                if (claim instanceof Claims.Take take) {
                    keys.add(new ClaimKey(append.tenant(), take.scope(), take.key()));
                }
            }
        }
        Map<ClaimKey, TreeMap<Integer, UUID>> claims = new HashMap<>();
        if (keys.isEmpty()) {
            return claims;
        }
        try (PreparedStatement select = connection.prepareStatement(CLAIMS)) {
            select.setArray(1, array("text", keys, key -> key.tenant().value()));
            select.setArray(2, array("text", keys, ClaimKey::scope));
            select.setArray(3, array("text", keys, ClaimKey::key));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    claims.computeIfAbsent(
                                    new ClaimKey(new TenantId(rows.getString(1)), rows.getString(2), rows.getString(3)),
                                    _ -> new TreeMap<>())
                            .put(rows.getInt(4), rows.getObject(5, UUID.class));
                }
            }
        }
        return claims;
    }

    private Map<AnswerKey, Answer> answers(Collection<Append> appends) throws SQLException {
        Set<AnswerKey> keys = new LinkedHashSet<>();
        for (Append append : appends) {
            if (append.answer() != null) {
                keys.add(new AnswerKey(
                        append.tenant(),
                        append.answer().actor(),
                        append.answer().key()));
            }
        }
        Map<AnswerKey, Answer> answers = new HashMap<>();
        if (keys.isEmpty()) {
            return answers;
        }
        try (PreparedStatement select = connection.prepareStatement(ANSWERS)) {
            select.setArray(1, array("text", keys, key -> key.tenant().value()));
            select.setArray(2, array("text", keys, AnswerKey::actor));
            select.setArray(3, array("text", keys, AnswerKey::key));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Answer answer = answer(rows);
                    answers.put(new AnswerKey(new TenantId(rows.getString(1)), answer.actor(), answer.key()), answer);
                }
            }
        }
        return answers;
    }

    private static Answer answer(ResultSet row) throws SQLException {
        String problem = row.getString(8);
        return new Answer(
                row.getString(2),
                row.getString(3),
                row.getBytes(4),
                row.getObject(5, UUID.class),
                row.getLong(6),
                row.getLong(7),
                problem == null ? null : Problem.valueOf(problem),
                row.getString(9));
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
            insert.setArray(2, array("text", tenants, Function.identity()));
            insert.setArray(3, array("uuid", events, NewEvent::stream));
            insert.setArray(4, array("text", events, NewEvent::streamType));
            insert.setArray(5, array("int8", events, NewEvent::version));
            insert.setArray(6, array("uuid", events, NewEvent::id));
            insert.setArray(7, array("text", events, NewEvent::type));
            insert.setArray(8, array("int4", events, NewEvent::revision));
            insert.setArray(9, array("timestamptz", events, event -> utc(event.effectiveAt())));
            insert.setArray(10, array("text", events, NewEvent::payload));
            insert.setArray(11, array("text", events, NewEvent::metadata));
            insert.executeUpdate();
        }
    }

    private void release(Map<UUID, Set<String>> released) throws SQLException {
        record Released(UUID stream, String scope) {}
        List<Released> all = released.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(scope -> new Released(entry.getKey(), scope)))
                .toList();
        try (PreparedStatement delete = connection.prepareStatement(RELEASE)) {
            delete.setArray(1, array("uuid", all, Released::stream));
            delete.setArray(2, array("text", all, Released::scope));
            delete.executeUpdate();
        }
    }

    private void take(List<Slot> slots) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(TAKE)) {
            insert.setArray(1, array("text", slots, slot -> slot.key().tenant().value()));
            insert.setArray(2, array("text", slots, slot -> slot.key().scope()));
            insert.setArray(3, array("text", slots, slot -> slot.key().key()));
            insert.setArray(4, array("int4", slots, Slot::number));
            insert.setArray(5, array("uuid", slots, Slot::stream));
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
                disarm.setArray(1, array("uuid", ended, DueChange::stream));
                disarm.executeUpdate();
            }
        }
        List<DueChange> armed =
                last.values().stream().filter(due -> due.at() != null).toList();
        if (!armed.isEmpty()) {
            try (PreparedStatement arm = connection.prepareStatement(ARM)) {
                arm.setArray(1, array("uuid", armed, DueChange::stream));
                arm.setArray(2, array("text", armed, due -> due.tenant().value()));
                arm.setArray(3, array("timestamptz", armed, due -> utc(due.at())));
                arm.setArray(4, array("text", armed, DueChange::what));
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

    private <T> Array array(String type, Collection<T> items, Function<? super T, ? extends @Nullable Object> value)
            throws SQLException {
        return connection.createArrayOf(type, items.stream().map(value).toArray());
    }
}
