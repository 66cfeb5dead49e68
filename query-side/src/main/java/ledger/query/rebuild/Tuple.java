package ledger.query.rebuild;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import ledger.api.TenantId;
import ledger.query.Recorded;
import ledger.query.StoredJson;

/**
 * An event as COPY delivers it in its binary format: columns one after the other, each behind its length. The one who reads the
 * ledger looks only at the stream; the rest is for the one who folds it.
 */
record Tuple(byte[] bytes, int start) {

    static final String COLUMNS = "stream_id, position, version, revision, recorded_at, tenant, type, payload";

    private static final int STREAM = 2 + 4;
    private static final int POSITION = STREAM + 16 + 4;
    private static final int VERSION = POSITION + 8 + 4;
    private static final int REVISION = VERSION + 8 + 4;
    private static final int RECORDED_AT = REVISION + 4 + 4;
    private static final int TENANT = RECORDED_AT + 8;

    /** PostgreSQL counts microseconds from here. */
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    UUID stream() {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(start + STREAM), buffer.getLong(start + STREAM + 8));
    }

    /** Which of so many lanes its stream takes; whatever the machine, the same stream takes the same. */
    int lane(int lanes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long mixed = (buffer.getLong(start + STREAM) ^ buffer.getLong(start + STREAM + 8)) * 0x9E3779B97F4A7C15L;
        return (int) Long.remainderUnsigned(mixed >>> 32, lanes);
    }

    long position() {
        return ByteBuffer.wrap(bytes).getLong(start + POSITION);
    }

    String tenant() {
        return text(start + TENANT);
    }

    String type() {
        return text(after(start + TENANT));
    }

    Recorded read() {
        int payload = after(after(start + TENANT));
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Recorded(
                position(),
                new TenantId(tenant()),
                stream(),
                buffer.getLong(start + VERSION),
                EPOCH.plus(buffer.getLong(start + RECORDED_AT), ChronoUnit.MICROS),
                StoredJson.event(type(), buffer.getInt(start + REVISION), bytes, payload + 4, length(payload)));
    }

    private String text(int column) {
        return new String(bytes, column + 4, length(column), UTF_8);
    }

    private int after(int column) {
        return column + 4 + length(column);
    }

    private int length(int column) {
        return ByteBuffer.wrap(bytes).getInt(column);
    }
}
