package ledger.command.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Columns of a batch as the parameters of one statement, in their order. Texts, numbers and bytes travel in PostgreSQL's binary
 * form, which neither side has to escape; ids and instants are texts that the statement casts.
 */
final class SqlArrays {

    private final Connection connection;
    private final PreparedStatement statement;
    private int count;

    SqlArrays(Connection connection, PreparedStatement statement) {
        this.connection = connection;
        this.statement = statement;
    }

    <T> SqlArrays texts(Collection<T> rows, Function<? super T, ? extends @Nullable Object> value) throws SQLException {
        return add("text", rows.stream().map(value).map(SqlArrays::text).toArray(String[]::new));
    }

    <T> SqlArrays numbers(Collection<T> rows, Function<? super T, ? extends @Nullable Long> value) throws SQLException {
        return add("int8", rows.stream().map(value).toArray(Long[]::new));
    }

    <T> SqlArrays bytes(Collection<T> rows, Function<? super T, byte[]> value) throws SQLException {
        return add("bytea", rows.stream().map(value).toArray(byte[][]::new));
    }

    SqlArrays number(long value) throws SQLException {
        statement.setLong(++count, value);
        return this;
    }

    SqlArrays text(String value) throws SQLException {
        statement.setString(++count, value);
        return this;
    }

    private SqlArrays add(String type, @Nullable Object[] values) throws SQLException {
        statement.setArray(++count, connection.createArrayOf(type, values));
        return this;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value instanceof Instant instant ? iso(instant) : value.toString();
    }

    /** Java marks years of five digits with a plus, which PostgreSQL does not read. */
    private static String iso(Instant instant) {
        String iso = instant.toString();
        return iso.startsWith("+") ? iso.substring(1) : iso;
    }
}
