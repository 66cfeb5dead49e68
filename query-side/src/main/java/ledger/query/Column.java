package ledger.query;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A column of a table, its type, and what it holds of a row. */
public record Column<R>(String name, String type, Function<R, @Nullable Object> value) {

    /** What it holds of many rows, as a parameter of one statement. */
    public Array array(Connection connection, Collection<R> rows) throws SQLException {
        @Nullable String[] texts = rows.stream().map(this::text).toArray(String[]::new);
        return connection.createArrayOf(type, texts);
    }

    @Nullable
    String text(R row) {
        Object held = value.apply(row);
        return held == null ? null : held.toString();
    }
}
