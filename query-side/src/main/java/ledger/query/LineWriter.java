package ledger.query;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Writes the line of an event: compact JSON, its keys in one order, times in UTC with six decimals, payload and metadata byte for
 * byte as they were stored. Put together here, so that the database has only to read.
 */
final class LineWriter {

    /** What a row must consist of, in this order. */
    static final String COLUMNS =
            "position, tenant, stream_type, stream_id, version, event_id, type, revision, effective_at, recorded_at, payload, metadata";

    private static final int USUAL = 1024;

    private final JsonStringEncoder json = JsonStringEncoder.getInstance();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(USUAL);

    byte[] line(ResultSet row) throws SQLException {
        line.reset();
        return ascii("{\"position\":")
                .number(row.getLong(1))
                .ascii(",\"tenant\":")
                .text(row.getString(2))
                .ascii(",\"streamType\":")
                .text(row.getString(3))
                .ascii(",\"streamId\":\"")
                .ascii(row.getObject(4, UUID.class).toString())
                .ascii("\",\"version\":")
                .number(row.getLong(5))
                .ascii(",\"eventId\":\"")
                .ascii(row.getObject(6, UUID.class).toString())
                .ascii("\",\"type\":")
                .text(row.getString(7))
                .ascii(",\"revision\":")
                .number(row.getLong(8))
                .ascii(",\"effectiveAt\":\"")
                .time(row.getObject(9, OffsetDateTime.class))
                .ascii("\",\"recordedAt\":\"")
                .time(row.getObject(10, OffsetDateTime.class))
                .ascii("\",\"payload\":")
                .stored(row.getBytes(11))
                .ascii(",\"metadata\":")
                .stored(row.getBytes(12))
                .ascii("}")
                .line
                .toByteArray();
    }

    private LineWriter ascii(String text) {
        return stored(text.getBytes(ISO_8859_1));
    }

    private LineWriter stored(byte[] bytes) {
        line.writeBytes(bytes);
        return this;
    }

    private LineWriter text(String text) {
        return ascii("\"").stored(json.quoteAsUTF8(text)).ascii("\"");
    }

    private LineWriter number(long number) {
        return ascii(Long.toString(number));
    }

    /** As {@code 2026-01-31T00:00:00.123456Z}. */
    private LineWriter time(OffsetDateTime stored) {
        OffsetDateTime time = stored.withOffsetSameInstant(ZoneOffset.UTC);
        return digits(time.getYear(), 4)
                .ascii("-")
                .digits(time.getMonthValue(), 2)
                .ascii("-")
                .digits(time.getDayOfMonth(), 2)
                .ascii("T")
                .digits(time.getHour(), 2)
                .ascii(":")
                .digits(time.getMinute(), 2)
                .ascii(":")
                .digits(time.getSecond(), 2)
                .ascii(".")
                .digits(time.getNano() / 1000, 6)
                .ascii("Z");
    }

    private LineWriter digits(int number, int count) {
        String digits = Integer.toString(number);
        for (int missing = count - digits.length(); missing > 0; missing--) {
            line.write('0');
        }
        return ascii(digits);
    }
}
