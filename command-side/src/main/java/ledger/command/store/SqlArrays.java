package ledger.command.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Columns of a batch as the parameters of one statement. */
final class SqlArrays {

    private SqlArrays() {}

    static <T> Array of(
            Connection connection,
            String type,
            Collection<T> rows,
            Function<? super T, ? extends @Nullable Object> value)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(value).toArray());
    }
}
