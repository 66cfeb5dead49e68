package ledger.query;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Keeps views.projection and views.parked: how far each generation has come, and what of it waits. */
@Component
public class Progress {

    private static final String WHICH = " where name = ? and version = ? and stage = ?";

    /** Where a generation stands, and how many of its streams wait. */
    public record Place(long position, int parked) {

        static Place of(ResultSet row) throws SQLException {
            return new Place(row.getLong(1), row.getInt(2));
        }
    }

    /** A stream that waits from {@code position} on because of what that event is. */
    public record Parked(UUID streamId, String tenant, long position, String type, String error, Instant parkedAt) {}

    private final JdbcClient database;

    Progress(JdbcClient database) {
        this.database = database;
    }

    public Optional<Place> of(Generation generation) {
        return ask("select position, parked from views.projection" + WHICH, generation);
    }

    /** The same, which stays so until the end of the caller's transaction: nobody else moves it on. */
    public Optional<Place> lock(Generation generation) {
        return ask("select position, parked from views.projection" + WHICH + " for update", generation);
    }

    /** In the transaction that writes the rows. */
    public void advance(Generation generation, long position) {
        database.sql("update views.projection set position = ?" + WHICH)
                .params(position, generation.group(), generation.version(), name(generation))
                .update();
    }

    public List<Parked> parked(Generation generation) {
        return database.sql("select stream_id, belongs_to, position, type, error, parked_at from views.parked" + WHICH
                        + " order by position")
                .params(generation.group(), generation.version(), name(generation))
                .query((row, _) -> new Parked(
                        row.getObject(1, UUID.class),
                        row.getString(2),
                        row.getLong(3),
                        row.getString(4),
                        row.getString(5),
                        row.getObject(6, OffsetDateTime.class).toInstant()))
                .list();
    }

    public Optional<Parked> parked(Generation generation, UUID stream) {
        return parked(generation).stream()
                .filter(parked -> parked.streamId().equals(stream))
                .findAny();
    }

    public void park(Generation generation, UUID stream, String tenant, long position, String type, String error) {
        database.sql("insert into views.parked (name, version, stage, stream_id, belongs_to, position, type, error) "
                        + "values (?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        generation.group(),
                        generation.version(),
                        name(generation),
                        stream,
                        tenant,
                        position,
                        type,
                        error)
                .update();
        count(generation);
    }

    public void release(Generation generation, UUID stream) {
        database.sql("delete from views.parked" + WHICH + " and stream_id = ?")
                .params(generation.group(), generation.version(), name(generation), stream)
                .update();
        count(generation);
    }

    private void count(Generation generation) {
        database.sql("update views.projection p set parked = (select count(*) from views.parked w "
                        + "where (w.name, w.version, w.stage) = (p.name, p.version, p.stage))" + WHICH)
                .params(generation.group(), generation.version(), name(generation))
                .update();
    }

    private Optional<Place> ask(String sql, Generation generation) {
        return database.sql(sql)
                .params(generation.group(), generation.version(), name(generation))
                .query((row, _) -> Place.of(row))
                .optional();
    }

    private static String name(Generation generation) {
        return generation.stage().name();
    }
}
