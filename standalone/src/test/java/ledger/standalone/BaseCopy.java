package ledger.standalone;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import ledger.standalone.BothSides.Database;

/** A copy of a running server's files, as docs/operations.md says to make one, and the log that it archives. */
final class BaseCopy {

    /** What PostgreSQL says to leave out of a copy: the first are made anew, of the others the directories must be there. */
    private static final Set<String> NOT_COPIED = Set.of("postmaster.pid", "postmaster.opts");

    private static final Set<String> EMPTIED =
            Set.of("pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_subtrans");

    private BaseCopy() {}

    /** Has the server archive what it has written up to now; {@return where in its log that ends} */
    static String archive(Connection connection) throws SQLException {
        String end = ask(connection, "select pg_logical_emit_message(true, 'archive', 'up to here')");
        String last = ask(connection, "select pg_walfile_name(pg_switch_wal())");
        await().until(() -> ask(connection, "select last_archived_wal from pg_stat_archiver")
                        .compareTo(last)
                >= 0);
        return end;
    }

    /** The server of this directory, which hands each finished piece of its log to the archive. */
    static EmbeddedServer archiving(DataDirectory directory, Path archive) throws IOException {
        EmbeddedServer.start(directory).close();
        Files.writeString(
                directory.path().resolve("postgres/data/postgresql.conf"),
                """
                archive_mode = on
                archive_command = 'test ! -f "%1$s/%%f" && cp "%%p" "%1$s/%%f"'
                """.formatted(archive),
                StandardOpenOption.APPEND);
        return EmbeddedServer.start(directory);
    }

    static void of(Connection connection, Path from, Path to) throws Exception {
        ask(connection, "select pg_backup_start('drill', true)");
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.copy(directory, to.resolve(from.relativize(directory)), StandardCopyOption.COPY_ATTRIBUTES);
                return EMPTIED.contains(directory.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!NOT_COPIED.contains(file.getFileName().toString())) {
                    Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // what is dropped meanwhile, the log tells of
                }
                throw failure;
            }
        });
        Files.writeString(to.resolve("backup_label"), ask(connection, "select labelfile from pg_backup_stop(true)"));
    }

    static Connection connect(Database database) throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }

    static String ask(Connection connection, String question) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(question)) {
            answer.next();
            return String.valueOf(answer.getString(1));
        }
    }
}
