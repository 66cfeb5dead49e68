package ledger.query;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import ledger.api.LedgerEvent;

/** A row of the ledger; {@code payload} and {@code metadata} byte for byte as they are stored. */
public record StoredEvent(
        long position,
        UUID stream,
        String streamType,
        long version,
        UUID eventId,
        String type,
        int revision,
        Instant effectiveAt,
        Instant recordedAt,
        String payload,
        String metadata) {

    static final String COLUMNS = "position, stream_id, stream_type, version, event_id, type, revision, effective_at, "
            + "recorded_at, payload, metadata";

    public LedgerEvent event() {
        return StoredJson.event(type, revision, payload);
    }

    static StoredEvent of(ResultSet row) throws SQLException {
        return new StoredEvent(
                row.getLong(1),
                row.getObject(2, UUID.class),
                row.getString(3),
                row.getLong(4),
                row.getObject(5, UUID.class),
                row.getString(6),
                row.getInt(7),
                row.getObject(8, OffsetDateTime.class).toInstant(),
                row.getObject(9, OffsetDateTime.class).toInstant(),
                row.getString(10),
                row.getString(11));
    }
}
