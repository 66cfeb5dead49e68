package ledger.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import ledger.api.TenantId;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataRetrievalFailureException;
import org.springframework.stereotype.Component;

/**
 * Events as the lines of the export: what is exported, followed, sealed and verified are the same bytes ({@link LineWriter}).
 */
@Component
public final class Lines {

    private static final String SELECT =
            "select " + LineWriter.COLUMNS + " from ledger.event where position > ? and position <= ?";

    private static final String ALL = SELECT + " order by position";

    private static final int AT_ONCE = 1000;

    /** Among so many events it looks at once for those that are wanted, so that no look takes long. */
    private static final int WINDOW = 20_000;

    /** An event: {@code text} is its line, without the end of line. */
    public record Line(long position, String tenant, String type, UUID stream, byte[] text) {}

    /** Which events somebody wants to see: those of one tenant, and of those, if it says so, of one type or stream. */
    public record Wanted(
            TenantId tenant,
            @Nullable String type,
            @Nullable UUID stream) {

        public boolean includes(Line line) {
            return line.tenant.equals(tenant.value())
                    && (type == null || type.equals(line.type))
                    && (stream == null || stream.equals(line.stream));
        }
    }

    /** What is wanted of the events up to {@code reached}. */
    public record Part(List<Line> lines, long reached) {}

    /** Takes one line after the other. */
    public interface Sink {
        void take(long position, byte[] line) throws SQLException;
    }

    private final DataSource database;

    Lines(DataSource database) {
        this.database = database;
    }

    /** Every line of every tenant, for those who show them to nobody. In a transaction it takes no more memory than some lines. */
    public static void readAll(Connection connection, long after, long upTo, Sink sink) throws SQLException {
        try (PreparedStatement all = connection.prepareStatement(ALL)) {
            all.setFetchSize(AT_ONCE);
            all.setLong(1, after);
            all.setLong(2, upTo);
            LineWriter writer = new LineWriter();
            try (ResultSet rows = all.executeQuery()) {
                while (rows.next()) {
                    sink.take(rows.getLong(1), writer.line(rows));
                }
            }
        }
    }

    /** The next events after {@code after} and up to {@code upTo}, whosever they are; at most a thousand of them. */
    public Part next(long after, long upTo) {
        return read(after, Math.min(upTo, after + AT_ONCE), null, AT_ONCE);
    }

    /** The next events that are wanted, at most {@code most}: looks at a part of the ledger, and says how far. */
    public Part next(Wanted wanted, long after, long upTo, int most) {
        long end = wanted.stream == null ? Math.min(upTo, after + WINDOW) : upTo;
        return read(after, end, wanted, Math.min(most, AT_ONCE));
    }

    /** The ledger's last position, as the database says. */
    public long last() {
        try (Connection connection = database.getConnection();
                PreparedStatement last =
                        connection.prepareStatement("select coalesce(max(position), 0) from ledger.event");
                ResultSet row = last.executeQuery()) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new DataRetrievalFailureException("the end of the ledger cannot be read", e);
        }
    }

    /** Whether the event at this position is the tenant's. */
    public boolean has(TenantId tenant, long position) {
        return read(position - 1, position, new Wanted(tenant, null, null), 1)
                        .lines()
                        .size()
                == 1;
    }

    private Part read(long after, long end, @Nullable Wanted wanted, int most) {
        List<Line> lines = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement some = connection.prepareStatement(SELECT + conditions(wanted) + " limit ?")) {
            int index = 1;
            some.setLong(index++, after);
            some.setLong(index++, end);
            if (wanted != null) {
                some.setString(index++, wanted.tenant.value());
                if (wanted.type != null) {
                    some.setString(index++, wanted.type);
                }
                if (wanted.stream != null) {
                    some.setObject(index++, wanted.stream);
                }
            }
            some.setInt(index, most);
            LineWriter writer = new LineWriter();
            try (ResultSet rows = some.executeQuery()) {
                while (rows.next()) {
                    lines.add(line(rows, writer));
                }
            }
        } catch (SQLException e) {
            throw new DataRetrievalFailureException("the ledger cannot be read after position " + after, e);
        }
        return new Part(lines, lines.size() == most ? lines.getLast().position : Math.max(after, end));
    }

    private static String conditions(@Nullable Wanted wanted) {
        if (wanted == null) {
            return " order by position";
        }
        String type = wanted.type == null ? "" : " and type = ?";
        // the versions of a stream are in the order of their positions, and it has an index of its own
        return " and tenant = ?" + type
                + (wanted.stream == null ? " order by position" : " and stream_id = ? order by version");
    }

    private static Line line(ResultSet row, LineWriter writer) throws SQLException {
        return new Line(
                row.getLong(1), row.getString(2), row.getString(7), row.getObject(4, UUID.class), writer.line(row));
    }
}
