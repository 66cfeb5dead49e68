package ledger.query.job;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import ledger.api.TenantId;
import ledger.http.Caller;
import ledger.query.StoredJson;
import ledger.query.Writing;
import ledger.query.job.Job.State;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Keeps views.job. What a run writes takes effect only while its node holds the lease. */
@Component
class JobTable {

    private static final String LAPSED = "(leased_until is null or leased_until < clock_timestamp())";
    private static final String LEASE = "leased_until = clock_timestamp() + interval '10 seconds'";

    /** A job that this node is to work on, as far as it had come. */
    record Claimed(
            UUID id, String kind, String subject, @Nullable String checkpoint, long done, long total) {}

    /** A job that no node is working on. */
    record Idle(UUID id, String kind, String subject) {}

    /** What somebody wants to have done, on whose behalf, and as which of its requests. */
    record Order(
            String kind,
            String subject,
            TenantId tenant,
            String actor,
            @Nullable String key) {}

    private final JdbcClient database;
    private final Writing writing;
    private final String node = UUID.randomUUID().toString();

    JobTable(JdbcClient database, Writing writing) {
        this.database = database;
        this.writing = writing;
    }

    /** Its id; empty if another one is at the same thing, or the same request came before. */
    Optional<UUID> insert(Order order) {
        UUID id = UUID.randomUUID();
        int inserted = writing.asProjector(() -> {
            database.sql("update views.job set owner = null where subject = ? and finished_at is not null and "
                            + LAPSED)
                    .params(order.subject)
                    .update();
            return database.sql("""
                            insert into views.job (id, belongs_to, kind, subject, state, started_by, idempotency_key)
                            values (?, ?, ?, ?, 'RUNNING', ?, ?) on conflict do nothing""")
                    .params(id, order.tenant.value(), order.kind, order.subject, order.actor)
                    .param(order.key)
                    .update();
        });
        return inserted == 0 ? Optional.empty() : Optional.of(id);
    }

    Optional<Job> busy(String subject) {
        return database.sql("select * from views.job where subject = ? and (finished_at is null or owner is not null)")
                .param(subject)
                .query((row, _) -> job(row))
                .optional();
    }

    Optional<Job> byKey(Order order) {
        return database.sql("select * from views.job where belongs_to = ? and started_by = ? and idempotency_key = ?")
                .params(order.tenant.value(), order.actor)
                .param(order.key)
                .query((row, _) -> job(row))
                .optional();
    }

    Optional<Job> newest(String kind, String subject) {
        return database.sql("select * from views.job where kind = ? and subject = ? order by created_at desc limit 1")
                .params(kind, subject)
                .query((row, _) -> job(row))
                .optional();
    }

    /** As callers of this tenant may see it: their own, and those of the default one all. */
    Optional<Job> find(TenantId tenant, UUID id) {
        return database.sql("select * from views.job where id = ? and (belongs_to = ? or ?)")
                .params(id, tenant.value(), tenant.equals(Caller.DEFAULT_TENANT))
                .query((row, _) -> job(row))
                .optional();
    }

    List<Job> newest(TenantId tenant, @Nullable State state, @Nullable Instant before, int most) {
        return database.sql("""
                        select * from views.job
                        where (belongs_to = :tenant or :all) and state = coalesce(:state, state)
                            and created_at < coalesce(:before, 'infinity'::timestamptz)
                        order by created_at desc, id desc limit :most""")
                .param("tenant", tenant.value())
                .param("all", tenant.equals(Caller.DEFAULT_TENANT))
                .param("state", state == null ? null : state.name(), Types.VARCHAR)
                .param("before", before == null ? null : before.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("most", most)
                .query((row, _) -> job(row))
                .list();
    }

    /** Changes the state of one that is not finished; false if there was nothing to change. */
    boolean change(UUID id, State from, State to) {
        return writing.asProjector(() -> database.sql("update views.job set state = ? where id = ? and state = ?")
                        .params(to.name(), id, from.name())
                        .update())
                == 1;
    }

    /** Whoever works on it clears away; if nobody does, this node is to, and it has the lease for that. */
    boolean cancel(UUID id) {
        return writing.asProjector(() -> database.sql("""
                                update views.job set state = 'CANCELED', finished_at = clock_timestamp(),
                                    owner = case when idle then ? else owner end,
                                    leased_until = case when idle then clock_timestamp() + interval '10 seconds' else leased_until end
                                from (select id as which, owner is null or leased_until < clock_timestamp() as idle from views.job) j
                                where id = ? and which = id and finished_at is null""").params(node, id).update()) == 1;
    }

    boolean isMine(UUID id) {
        return database.sql("select owner = ? from views.job where id = ?")
                .params(node, id)
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    List<Idle> idle() {
        return database.sql("select id, kind, subject from views.job where state = 'RUNNING' and " + LAPSED
                        + " order by created_at")
                .query((row, _) -> new Idle(row.getObject(1, UUID.class), row.getString(2), row.getString(3)))
                .list();
    }

    Optional<Claimed> claim(UUID id) {
        return writing.asProjector(() -> database.sql("update views.job set owner = ?, " + LEASE
                        + " where id = ? and state = 'RUNNING' and " + LAPSED
                        + " returning id, kind, subject, checkpoint, done, total")
                .params(node, id)
                .query((row, _) -> new Claimed(
                        row.getObject(1, UUID.class),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5),
                        row.getLong(6)))
                .optional());
    }

    /** Goes on holding the lease; the state, or empty if the lease is lost. */
    Optional<State> renew(UUID id, long done, long total, double rate) {
        return writing.asProjector(() -> database.sql("update views.job set " + LEASE
                        + ", done = ?, total = ?, events_per_second = ? where id = ? and owner = ? returning state")
                .params(done, total, rate, id, node)
                .query((row, _) -> State.valueOf(row.getString(1)))
                .optional());
    }

    boolean keep(UUID id, String checkpoint, long done, long total) {
        return database.sql("update views.job set checkpoint = ?::json, done = ?, total = ? "
                                + "where id = ? and owner = ? and state = 'RUNNING'")
                        .params(checkpoint, done, total, id, node)
                        .update()
                == 1;
    }

    boolean finish(UUID id, @Nullable String result, long total, double rate) {
        return database.sql("update views.job set state = 'DONE', result = ?::json, done = ?, total = ?, "
                                + "events_per_second = ?, finished_at = clock_timestamp(), owner = null "
                                + "where id = ? and owner = ? and state = 'RUNNING'")
                        .param(result)
                        .params(total, total, rate, id, node)
                        .update()
                == 1;
    }

    /** Whatever it began is cleared away: another may begin. */
    void fail(UUID id, String error) {
        writing.asProjector(() -> database.sql(
                        "update views.job set state = 'FAILED', error = ?, "
                                + "finished_at = clock_timestamp(), owner = null where id = ? and owner = ? and state = 'RUNNING'")
                .params(error, id, node)
                .update());
    }

    /** Lets another node, or this one, have it after a while; false if it was canceled, and is to be cleared away first. */
    boolean release(UUID id, Duration pause) {
        int canceled = writing.asProjector(() -> {
            database.sql(
                            "update views.job set owner = null, leased_until = clock_timestamp() + make_interval(secs => ?) "
                                    + "where id = ? and owner = ? and state <> 'CANCELED'")
                    .params(pause.toMillis() / 1e3, id, node)
                    .update();
            return database.sql("update views.job set " + LEASE + " where id = ? and owner = ? and state = 'CANCELED'")
                    .params(id, node)
                    .update();
        });
        return canceled == 0;
    }

    void releaseCanceled(UUID id) {
        writing.asProjector(() -> database.sql("update views.job set owner = null where id = ? and owner = ?")
                .params(id, node)
                .update());
    }

    private static Job job(ResultSet row) throws SQLException {
        State state = State.valueOf(row.getString("state"));
        long done = row.getLong("done");
        long total = row.getLong("total");
        double rate = row.getDouble("events_per_second");
        boolean moves = state == State.RUNNING && rate > 0;
        String result = row.getString("result");
        return new Job(
                row.getObject("id", UUID.class),
                row.getString("kind"),
                row.getString("subject"),
                state,
                done,
                total,
                Math.round(rate),
                moves ? Instant.now().plusMillis((long) (Math.max(0, total - done) / rate * 1e3)) : null,
                row.getString("started_by"),
                instant(row, "created_at"),
                row.getObject("finished_at") == null ? null : instant(row, "finished_at"),
                row.getString("error"),
                result == null ? null : StoredJson.read(result, JsonNode.class));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
