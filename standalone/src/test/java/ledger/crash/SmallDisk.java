package ledger.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import ledger.testing.TestDatabase;

/** A file system of its own for the tables of a database, or for its log, small enough to be filled. */
final class SmallDisk implements AutoCloseable {

    private static final String SIZE = "192m";

    private final Path mounted;
    private final Path ballast;

    private SmallDisk(Path mounted) {
        this.mounted = mounted;
        this.ballast = mounted.resolve("ballast");
    }

    /** Empty where this machine lets us mount none. */
    static Optional<SmallDisk> mount() throws IOException, InterruptedException {
        Path point = Files.createTempDirectory("small-disk");
        Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", point.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (mount.waitFor() != 0) {
            Files.delete(point);
            return Optional.empty();
        }
        return Optional.of(new SmallDisk(point));
    }

    /** A directory for whoever wants one. */
    Path directory(String name) {
        return mounted.resolve(name);
    }

    /** Moves a database here, which nobody uses. */
    void take(TestDatabase database) throws SQLException, IOException {
        Path tables = Files.createDirectory(mounted.resolve("tables"));
        int name = database.url().lastIndexOf('/') + 1;
        TestDatabase administration =
                new TestDatabase(database.url().substring(0, name) + "postgres", database.user(), database.password());
        try (var connection = administration.connect();
                var statement = connection.createStatement()) {
            statement.execute("create tablespace small location '" + tables + "'");
            statement.execute("alter database " + database.url().substring(name) + " set tablespace small");
        }
    }

    /** Leaves no byte free. */
    void fill() throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (mounted.toFile().getUsableSpace() > 0) {
                throw e;
            }
        }
    }

    void relieve() throws IOException {
        Files.deleteIfExists(ballast);
    }

    @Override
    public void close() throws IOException {
        try {
            new ProcessBuilder("umount", "--lazy", mounted.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
