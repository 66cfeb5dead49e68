package ledger.command.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import ledger.api.Problem;
import ledger.api.TenantId;
import ledger.command.domain.Claims;
import ledger.command.store.Append.Guard;
import ledger.command.store.Append.NewEvent;
import ledger.command.store.Batch.AnswerKey;
import ledger.command.store.Batch.ClaimKey;
import ledger.command.store.Batch.Given;
import ledger.command.store.Batch.Known;

/** What an append is decided on: read under the append lock, a few statements for a whole batch. */
final class LedgerReads {

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

    private final Connection connection;

    LedgerReads(Connection connection) {
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
            select.setArray(1, SqlArrays.of(connection, "uuid", streams, Function.identity()));
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
            select.setArray(
                    1,
                    SqlArrays.of(connection, "text", keys, key -> key.tenant().value()));
            select.setArray(2, SqlArrays.of(connection, "text", keys, ClaimKey::scope));
            select.setArray(3, SqlArrays.of(connection, "text", keys, ClaimKey::key));
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
            select.setArray(
                    1,
                    SqlArrays.of(connection, "text", keys, key -> key.tenant().value()));
            select.setArray(2, SqlArrays.of(connection, "text", keys, AnswerKey::actor));
            select.setArray(3, SqlArrays.of(connection, "text", keys, AnswerKey::key));
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
}
