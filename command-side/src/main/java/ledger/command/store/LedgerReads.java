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
import ledger.api.Rejected;
import ledger.api.TenantId;
import ledger.command.domain.Claims;
import ledger.command.store.Append.Guard;
import ledger.command.store.Append.NewEvent;
import ledger.command.store.Batch.AnswerKey;
import ledger.command.store.Batch.ClaimKey;
import ledger.command.store.Batch.Given;
import ledger.command.store.Batch.Known;

/** What an append is decided on: read under the append lock, in one round trip for a whole batch. */
final class LedgerReads {

    /** The key of the cluster-wide lock under which positions are given out: "ledger" in ASCII. */
    static final long APPEND_LOCK = 0x6c6564676572L;

    private static final String LOCK = "select pg_advisory_xact_lock(" + APPEND_LOCK + ")";

    /**
     * Statements of their own, sent together: each sees what was committed when it starts, and so all but the first see what
     * was committed before the lock was given. Each row is looked up by its index, however many rows the tables had when the
     * statement was planned.
     */
    private static final String LOCK_AND_READ = LOCK + """
            ; select coalesce(max(position), 0) from ledger.event;

            select wanted.id, latest.version
            from unnest(?::text[]) wanted (id),
                 lateral (select version from ledger.event e where e.stream_id = wanted.id::uuid
                          order by version desc limit 1) latest;
            """;

    private static final String CLAIMS = """
            select c.tenant, c.scope, c.key, c.slot, c.stream_id
            from unnest(?::text[], ?::text[], ?::text[]) wanted (tenant, scope, key),
                 lateral (select * from ledger.claim c where c.tenant = wanted.tenant and c.scope = wanted.scope
                          and c.key = wanted.key offset 0) c;
            """;

    private static final String ANSWERS = """
            select a.tenant, a.actor, a.key, a.request, a.stream_id, a.version, a.position, a.problem, a.detail, a.facts
            from unnest(?::text[], ?::text[], ?::text[]) wanted (tenant, actor, key),
                 lateral (select * from ledger.idempotency a where a.tenant = wanted.tenant and a.actor = wanted.actor
                          and a.key = wanted.key offset 0) a
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

    /** Takes the lock, and reads what the ledger holds of everything that these appends depend on. */
    Known lockAndRead(Collection<Append> appends) throws SQLException {
        Set<ClaimKey> claims = claims(appends);
        Set<AnswerKey> answers = answers(appends);
        String sql = LOCK_AND_READ + (claims.isEmpty() ? "" : CLAIMS) + (answers.isEmpty() ? "" : ANSWERS);
        try (PreparedStatement read = connection.prepareStatement(sql)) {
            SqlArrays wanted = new SqlArrays(connection, read).texts(streams(appends), Function.identity());
            if (!claims.isEmpty()) {
                wanted.texts(claims, ClaimKey::tenant)
                        .texts(claims, ClaimKey::scope)
                        .texts(claims, ClaimKey::key);
            }
            if (!answers.isEmpty()) {
                wanted.texts(answers, AnswerKey::tenant)
                        .texts(answers, AnswerKey::actor)
                        .texts(answers, AnswerKey::key);
            }
            read.execute();
            return new Known(
                    position(next(read)),
                    versions(next(read)),
                    claims.isEmpty() ? new HashMap<>() : claims(next(read)),
                    answers.isEmpty() ? new HashMap<>() : answers(next(read)));
        }
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

    private static ResultSet next(PreparedStatement read) throws SQLException {
        read.getMoreResults();
        return read.getResultSet();
    }

    private static Set<UUID> streams(Collection<Append> appends) {
        Set<UUID> streams = new LinkedHashSet<>();
        for (Append append : appends) {
            append.guards().stream().map(Guard::stream).forEach(streams::add);
            append.events().stream().map(NewEvent::stream).forEach(streams::add);
        }
        return streams;
    }

    private static Set<ClaimKey> claims(Collection<Append> appends) {
        Set<ClaimKey> keys = new LinkedHashSet<>();
        for (Append append : appends) {
            for (Claims claim : append.claims()) {
                if (claim instanceof Claims.Take take) {
                    keys.add(new ClaimKey(append.tenant(), take.scope(), take.key()));
                }
            }
        }
        return keys;
    }

    private static Set<AnswerKey> answers(Collection<Append> appends) {
        Set<AnswerKey> keys = new LinkedHashSet<>();
        for (Append append : appends) {
            if (append.answer() instanceof Answer answer) {
                keys.add(new AnswerKey(append.tenant(), answer.actor(), answer.key()));
            }
        }
        return keys;
    }

    private static long position(ResultSet row) throws SQLException {
        row.next();
        return row.getLong(1);
    }

    private static Map<UUID, Long> versions(ResultSet rows) throws SQLException {
        Map<UUID, Long> versions = new HashMap<>();
        while (rows.next()) {
            versions.put(UUID.fromString(rows.getString(1)), rows.getLong(2));
        }
        return versions;
    }

    private static Map<ClaimKey, TreeMap<Integer, UUID>> claims(ResultSet rows) throws SQLException {
        Map<ClaimKey, TreeMap<Integer, UUID>> claims = new HashMap<>();
        while (rows.next()) {
            claims.computeIfAbsent(
                            new ClaimKey(new TenantId(rows.getString(1)), rows.getString(2), rows.getString(3)),
                            _ -> new TreeMap<>())
                    .put(rows.getInt(4), rows.getObject(5, UUID.class));
        }
        return claims;
    }

    private static Map<AnswerKey, Answer> answers(ResultSet rows) throws SQLException {
        Map<AnswerKey, Answer> answers = new HashMap<>();
        while (rows.next()) {
            Answer answer = answer(rows);
            answers.put(new AnswerKey(new TenantId(rows.getString(1)), answer.actor(), answer.key()), answer);
        }
        return answers;
    }

    private static Answer answer(ResultSet row) throws SQLException {
        return new Answer(
                row.getString(2),
                row.getString(3),
                row.getBytes(4),
                row.getObject(5, UUID.class),
                row.getLong(6),
                row.getLong(7),
                row.getString(8) == null ? null : refusal(row));
    }

    private static Rejected refusal(ResultSet row) throws SQLException {
        Problem problem = Problem.valueOf(row.getString(8));
        String facts = row.getString(10);
        return problem.because(
                row.getString(9), facts == null ? Map.of() : StoredJson.MAPPER.readValue(facts, StoredJson.FACTS));
    }
}
