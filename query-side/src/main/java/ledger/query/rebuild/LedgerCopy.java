package ledger.query.rebuild;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import ledger.api.EventTypes;
import ledger.query.Projection;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads the ledger by COPY, which costs the database and the driver less than a cursor, and stream by stream. By the index of streams and
 * versions that takes no longer than in the order of positions, as long as what was written at one time is read at one time; the database
 * sorts the events where it does not expect that.
 */
final class LedgerCopy {

    private static final int HEADER = 11 + 4 + 4;

    private final CopyOut copy;
    private int start = HEADER;
    private @Nullable Tuple next;

    private LedgerCopy(CopyOut copy) {
        this.copy = copy;
    }

    /**
     * Of the first {@code upto} events, those of streams whose ids come after one, which concern these projections. What this version does
     * not know is not left out but parked.
     */
    static LedgerCopy read(Connection connection, long upto, @Nullable UUID after, List<Projection> projections)
            throws SQLException {
        String others = EventTypes.names().stream()
                .filter(type -> projections.stream().noneMatch(one -> one.concerns(EventTypes.named(type))))
                .map(type -> "'" + type + "'")
                .collect(joining(", "));
        String sql = "copy (select " + Tuple.COLUMNS + " from ledger.event where position <= " + upto
                + (others.isEmpty() ? "" : " and type not in (" + others + ")")
                + (after == null ? "" : " and stream_id > '" + after + "'")
                + " order by stream_id, version) to stdout (format binary)";
        return new LedgerCopy(connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql));
    }

    /** The event that comes next; null after the last one. */
    @Nullable
    Tuple peek() throws SQLException {
        if (next == null && copy.isActive()) {
            byte[] row = copy.readFromCopy();
            int from = start;
            start = 0;
            if (row != null && row.length <= from + 2) { // the trailer, and then the end
                row = copy.readFromCopy();
            }
            next = row == null ? null : new Tuple(row, from);
        }
        return next;
    }

    /** The one that comes next, which there is. */
    Tuple take() throws SQLException {
        Tuple taken = Objects.requireNonNull(peek());
        next = null;
        return taken;
    }
}
