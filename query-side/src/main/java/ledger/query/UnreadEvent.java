package ledger.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import ledger.api.EventTypes;
import ledger.api.TenantId;

/** An event as it lies in the ledger. It is read when somebody asks for it, and what is wrong with it is found then. */
public record UnreadEvent(
        long position,
        String tenant,
        UUID stream,
        String streamType,
        long version,
        String id,
        String type,
        int revision,
        OffsetDateTime recordedAt,
        String payload) {

    private static final String COLUMNS =
            "select position, tenant, stream_id, stream_type, version, event_id, type, revision, recorded_at, payload "
                    + "from ledger.event ";

    /** What comes after a position, in order. */
    public static List<UnreadEvent> after(Connection connection, long position, int most) throws SQLException {
        try (PreparedStatement next =
                connection.prepareStatement(COLUMNS + "where position > ? order by position limit ?")) {
            next.setLong(1, position);
            next.setInt(2, most);
            return read(next);
        }
    }

    /** The events of a stream from one position to another, both included. */
    public static List<UnreadEvent> of(Connection connection, UUID stream, long from, long to) throws SQLException {
        try (PreparedStatement own = connection.prepareStatement(
                COLUMNS + "where stream_id = ? and position between ? and ? order by version")) {
            own.setObject(1, stream);
            own.setLong(2, from);
            own.setLong(3, to);
            return read(own);
        }
    }

    private static List<UnreadEvent> read(PreparedStatement select) throws SQLException {
        List<UnreadEvent> events = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                events.add(new UnreadEvent(
                        row.getLong(1),
                        row.getString(2),
                        row.getObject(3, UUID.class),
                        row.getString(4),
                        row.getLong(5),
                        row.getString(6),
                        row.getString(7),
                        row.getInt(8),
                        row.getObject(9, OffsetDateTime.class),
                        row.getString(10)));
            }
        }
        return events;
    }

    /** Whether a projection has to see it; what nobody knows the type of has to be seen by all. */
    boolean concerns(Projection projection) {
        try {
            return projection.concerns(EventTypes.named(type));
        } catch (IllegalArgumentException _) {
            return true;
        }
    }

    Recorded read() {
        return new Recorded(
                position,
                new TenantId(tenant),
                stream,
                version,
                recordedAt.toInstant(),
                StoredJson.event(type, revision, payload));
    }
}
