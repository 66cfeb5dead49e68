package ledger.query.rebuild;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import ledger.api.EventTypes;
import ledger.query.Projection;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads the ledger in order by COPY, which costs the database and the driver less than a cursor. {@code passes} is into how many
 * parts the streams are divided, and {@code pass} which of them is read.
 */
record LedgerCopy(long upto, int passes, int pass, List<Projection> projections) {

    private static final int HEADER = 11 + 4 + 4;

    void read(Connection connection, Consumer<Tuple> reader) throws SQLException {
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql());
        try {
            int start = HEADER;
            for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
                if (row.length > start + 2) { // all but the trailer
                    reader.accept(new Tuple(row, start));
                }
                start = 0;
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /** What this version does not know has to be seen too: it is not left out but parked. */
    private String sql() {
        String others = EventTypes.names().stream()
                .filter(type -> projections.stream().noneMatch(one -> one.concerns(EventTypes.named(type))))
                .map(type -> "'" + type + "'")
                .collect(joining(", "));
        return "copy (select " + Tuple.COLUMNS + " from ledger.event where position <= " + upto
                + (others.isEmpty() ? "" : " and type not in (" + others + ")")
                + (passes == 1 ? "" : " and (uuid_hash(stream_id) & 2147483647) % " + passes + " = " + pass)
                + " order by position) to stdout (format binary)";
    }
}
