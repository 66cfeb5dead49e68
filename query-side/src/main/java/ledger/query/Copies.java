package ledger.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Writes rows by COPY, in the transaction of a connection. */
public final class Copies {

    private static final int CHUNK = 64 * 1024;

    private final Connection connection;

    public Copies(Connection connection) {
        this.connection = connection;
    }

    public <R> void copy(Rows<R> table, Iterable<R> rows) {
        String sql = "copy " + table.table() + " (" + table.names() + ") from stdin";
        try {
            CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
            try {
                StringBuilder text = new StringBuilder(CHUNK + 4096);
                for (R row : rows) {
                    append(text, table.columns(), row);
                    if (text.length() > CHUNK) {
                        send(copy, text);
                    }
                }
                send(copy, text);
                copy.endCopy();
            } finally {
                if (copy.isActive()) {
                    copy.cancelCopy();
                }
            }
        } catch (SQLException e) {
            throw Outages.translated(sql, e);
        }
    }

    private static void send(CopyIn copy, StringBuilder text) throws SQLException {
        byte[] bytes = text.toString().getBytes(UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        text.setLength(0);
    }

    private static <R> void append(StringBuilder text, List<Column<R>> columns, R row) {
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                text.append('\t');
            }
            escape(text, columns.get(i).text(row));
        }
        text.append('\n');
    }

    private static void escape(StringBuilder text, @Nullable String value) {
        if (value == null) {
            text.append("\\N");
            return;
        }
        int copied = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' || c < ' ') {
                text.append(value, copied, i).append(escaped(c));
                copied = i + 1;
            }
        }
        text.append(value, copied, value.length());
    }

    private static String escaped(char c) {
        return switch (c) {
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.valueOf(c);
        };
    }
}
