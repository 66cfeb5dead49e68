package ledger.query;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** A table of a read model, and how rows of one kind stand in it. Its key is its first columns. */
public final class Rows<R> {

    private final String table;
    private final List<Column<R>> columns;
    private final String put;

    public Rows(String table, int key, List<Column<R>> columns) {
        this.table = table;
        this.columns = List.copyOf(columns);
        this.put = "insert into " + table + " (" + names() + ") select * from unnest("
                + each(columns, "?::%s[]", Column::type)
                + ") on conflict (" + each(columns.subList(0, key), "%s", Column::name) + ") do update set "
                + each(columns.subList(key, columns.size()), "%1$s = excluded.%1$s", Column::name);
    }

    /** Writes them in one statement; whoever has the key of one already is replaced. */
    public void put(Connection connection, Collection<R> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(put)) {
            for (int i = 0; i < columns.size(); i++) {
                statement.setArray(i + 1, columns.get(i).array(connection, rows));
            }
            statement.executeUpdate();
        }
    }

    String table() {
        return table;
    }

    List<Column<R>> columns() {
        return columns;
    }

    String names() {
        return each(columns, "%s", Column::name);
    }

    private static <R> String each(List<Column<R>> columns, String format, Function<Column<R>, String> part) {
        return columns.stream()
                .map(column -> format.formatted(part.apply(column)))
                .collect(joining(", "));
    }
}
