package ledger.query;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import ledger.api.AuditEvent.PastViewed;
import ledger.api.LedgerEvent;
import ledger.api.Problem;
import ledger.api.TenantId;
import ledger.http.AuditTrail;
import ledger.http.Caller;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The ledger as it was: which moment a query asks about, and what had happened by then. */
@Component
public class Past {

    private static final String PAST = "tenant = :tenant and effective_at <= :at and recorded_at <= :known";

    /** From so many events on, reading them takes longer than sharing them out among processors does. */
    private static final int LONG_LIFE = 64;

    private final JdbcClient database;
    private final TenantClock clock;
    private final AuditTrail audit;
    private final Replica replica;

    Past(JdbcClient database, TenantClock clock, AuditTrail audit, Replica replica) {
        this.database = database;
        this.clock = clock;
        this.audit = audit;
        this.replica = replica;
    }

    /** The moment that is asked about; null where that is now. Nothing of it is told before it is recorded who asked. */
    public @Nullable Moment asked(Caller caller, AsOf asked) {
        if (asked.asOf() == null) {
            if (asked.knownAt() != null) {
                throw Problem.INVALID_PARAMETER.because("knownAt says how much was known of asOf, which is missing");
            }
            return null;
        }
        replica.avoid(); // it may not have been told everything
        Instant told = told();
        check(clock.of(caller.tenant()), asked.asOf(), asked.knownAt(), told);
        return new Moment(
                asked.asOf(), Objects.requireNonNullElse(asked.knownAt(), told), audit.begin(caller, PastViewed::new));
    }

    private Instant told() {
        return database.sql("select ledger.told()")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    private static void check(TenantClock.Reading clock, Instant at, @Nullable Instant known, Instant told) {
        if (at.isAfter(clock.now())) {
            throw Problem.AS_OF_IN_FUTURE.because("asOf is later than now, " + clock.now());
        }
        if (known != null && known.isAfter(told)) {
            throw Problem.KNOWN_IN_FUTURE.because("knownAt is later than now, " + told);
        }
        // A simulated time and that of recording have nothing to do with each other.
        if (known != null && known.isBefore(at) && !clock.simulated()) {
            throw Problem.KNOWN_BEFORE_AS_OF.because("at " + known + " nothing was known of " + at + " yet");
        }
    }

    /** An event as far as a fold needs it: of a long life there are many. */
    public record Happened(UUID stream, long version, LedgerEvent event) {}

    /** The same as it is stored: reading its JSON costs more than all else, and needs no connection. */
    private record Stored(UUID stream, long version, String type, int revision, byte[] payload) {

        static Stored of(ResultSet row) throws SQLException {
            return new Stored(
                    row.getObject(1, UUID.class), row.getLong(2), row.getString(3), row.getInt(4), row.getBytes(5));
        }

        Happened read() {
            return new Happened(stream, version, StoredJson.event(type, revision, payload, 0, payload.length));
        }
    }

    /** The events of a stream after one version and through another. */
    public record Range(UUID stream, long after, long through) {

        public static Range after(UUID stream, long version) {
            return new Range(stream, version, Long.MAX_VALUE);
        }
    }

    /** The events of these streams, stream by stream in the order of their versions. */
    public List<Happened> events(TenantId tenant, Collection<UUID> streams, Moment moment) {
        return events(
                tenant, streams.stream().map(stream -> Range.after(stream, -1)).toList(), moment);
    }

    /** The same in parts of streams. */
    public List<Happened> events(TenantId tenant, List<Range> ranges, Moment moment) {
        List<Stored> stored = past(
                        "select stream_id, version, type, revision, payload "
                                + "from (select * from unnest(:streams, :after, :through) r (id, after, through) limit "
                                + atMost(ranges.size()) + ") r "
                                + "join ledger.event on stream_id = r.id and version > r.after and version <= r.through "
                                + "where " + PAST + " order by stream_id, version",
                        tenant,
                        moment)
                .param("streams", ranges.stream().map(Range::stream).toArray(UUID[]::new))
                .param("after", ranges.stream().map(Range::after).toArray(Long[]::new))
                .param("through", ranges.stream().map(Range::through).toArray(Long[]::new))
                .query((row, _) -> Stored.of(row))
                .list();
        List<Happened> events = (stored.size() < LONG_LIFE ? stored.stream() : stored.parallelStream())
                .map(Stored::read)
                .toList();
        AuditTrail.await(moment.audited());
        return events;
    }

    /**
     * What the planner is to expect of an array: it does not look into it where a statement is planned once for all, and so would plan it
     * anew for each question, which takes longer than the answer.
     */
    public static int atMost(int size) {
        return Integer.highestOneBit(Math.max(1, 2 * size - 1)); // few different statements
    }

    /** How many events of each type a tenant had: reads its whole ledger, and that of its neighbours. */
    public Map<String, Long> counts(TenantId tenant, Moment moment) {
        Map<String, Long> counts = new HashMap<>();
        past("select type, count(*) from ledger.event where " + PAST + " group by type", tenant, moment)
                .query(row -> {
                    counts.put(row.getString(1), row.getLong(2));
                });
        AuditTrail.await(moment.audited());
        return counts;
    }

    private JdbcClient.StatementSpec past(String sql, TenantId tenant, Moment moment) {
        return database.sql(sql)
                .param("tenant", tenant.value())
                .param("at", utc(moment.at()))
                .param("known", utc(moment.known()));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
