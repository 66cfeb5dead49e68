package ledger.query.rebuild;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.function.Predicate.not;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ledger.query.Generation;
import ledger.query.Generation.Stage;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Makes, drops and exchanges the tables of a generation: each in the caller's transaction, as their owner. */
@Component
class Tables {

    private static final Pattern NAME = Pattern.compile("^create table (\\w+)");

    private final JdbcClient database;

    Tables(JdbcClient database) {
        this.database = database;
    }

    boolean exist(Generation generation) {
        return database.sql("select exists (select from views.projection where name = ? and version = ? and stage = ?) "
                        + "and to_regnamespace(?) is not null")
                .params(
                        generation.group(),
                        generation.version(),
                        generation.stage().name(),
                        generation.schema())
                .query(Boolean.class)
                .single();
    }

    /** Empty ones, without what is better made when the rows are there. Whatever was there before is dropped. */
    void create(Generation generation) {
        drop(generation);
        execute("create schema " + generation.schema());
        execute("grant usage on schema " + generation.schema() + " to ledger_query, ledger_projector");
        use(generation);
        for (String statement :
                statements(generation.group()).filter(Tables::isTable).toList()) {
            execute(statement);
            database.sql("select views.keep_tenants_apart(?::regclass)")
                    .param(name(statement))
                    .query((_, _) -> 0)
                    .list();
        }
        database.sql("insert into views.projection (name, version, stage, position) values (?, ?, ?, 0)")
                .params(
                        generation.group(),
                        generation.version(),
                        generation.stage().name())
                .update();
    }

    /** Statements that give the tables their keys. */
    List<String> keys(String group) {
        return statements(group)
                .filter(statement -> statement.startsWith("alter table"))
                .toList();
    }

    /** Statements that make indexes, in any order, and none that is there. */
    List<String> indexes(String group) {
        return statements(group)
                .filter(statement -> statement.startsWith("create index"))
                .map(statement -> statement.replaceFirst("create index", "create index if not exists"))
                .toList();
    }

    /**
     * Makes a key or an index. PostgreSQL would have the write-ahead log compress each page of it, which takes as long as all the rest,
     * unless it is told otherwise by somebody who may; and start workers of its own, of which there are enough without.
     */
    void finish(Generation generation, String statement) {
        use(generation);
        database.sql("select set_config('max_parallel_maintenance_workers', '0', true)")
                .query(String.class)
                .single();
        database.sql("select set_config('wal_compression', 'off', true) "
                        + "where has_parameter_privilege('wal_compression', 'set')")
                .query(String.class)
                .optional();
        execute(statement);
    }

    void analyze(Generation generation) {
        use(generation);
        statements(generation.group()).filter(Tables::isTable).forEach(table -> execute("analyze " + name(table)));
    }

    void drop(Generation generation) {
        execute("drop schema if exists " + generation.schema() + " cascade");
        database.sql("delete from views.projection where name = ? and version = ? and stage = ?")
                .params(
                        generation.group(),
                        generation.version(),
                        generation.stage().name())
                .update();
    }

    void rename(Generation from, Stage to) {
        execute("alter schema " + from.schema() + " rename to " + from.at(to).schema());
        database.sql("update views.projection set stage = ? where name = ? and version = ? and stage = ?")
                .params(to.name(), from.group(), from.version(), from.stage().name())
                .update();
    }

    /** Whoever follows one goes on with the other. */
    void handOver(Generation from, Generation to) {
        database.sql("""
                        update views.projection t set owner = f.owner, claimed_at = f.claimed_at from views.projection f
                        where (t.name, t.version, t.stage) = (?, ?, ?) and (f.name, f.version, f.stage) = (?, ?, ?)""")
                .params(
                        to.group(),
                        to.version(),
                        to.stage().name(),
                        from.group(),
                        from.version(),
                        from.stage().name())
                .update();
    }

    /** Until the end of the transaction the names of tables mean this generation's. */
    void use(Generation generation) {
        execute("set local search_path = " + generation.schema() + ", views");
    }

    private void execute(String sql) {
        database.sql(sql).update();
    }

    private static boolean isTable(String statement) {
        return NAME.matcher(statement).find();
    }

    private static String name(String statement) {
        Matcher matcher = NAME.matcher(statement);
        if (!matcher.find()) {
            throw new IllegalArgumentException(statement);
        }
        return matcher.group(1);
    }

    private static Stream<String> statements(String group) {
        String file = "/ledger/query/tables/" + group + ".sql";
        try (InputStream stream = Objects.requireNonNull(Tables.class.getResourceAsStream(file), file)) {
            String sql = new String(stream.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("--"))
                    .collect(joining("\n"));
            return Arrays.stream(sql.split(";")).map(String::strip).filter(not(String::isEmpty));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
