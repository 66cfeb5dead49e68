package ledger.crash;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import ledger.testing.DurableServer;
import ledger.testing.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two nodes of both sides over one durable PostgreSQL, and what can happen to them. */
final class Cluster implements AutoCloseable {

    private static final int NODES = 2;

    private final DurableServer server = DurableServer.start();
    private final TestDatabase database = server.createDatabase();
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final @Nullable SmallDisk disk;
    private final @Nullable SmallDisk logDisk;

    Cluster(Path directory) throws IOException, InterruptedException, SQLException {
        Optional<SmallDisk> small = SmallDisk.mount();
        disk = small.orElse(null);
        if (disk != null) {
            disk.take(database);
        }
        logDisk = SmallDisk.mount().orElse(null);
        if (logDisk != null) {
            server.moveLogTo(logDisk.directory("log"));
        }
        Files.createDirectories(directory);
        int port = Integer.parseInt(database.url().replaceFirst(".*:([0-9]+)/.*", "$1"));
        for (int i = 1; i <= NODES; i++) {
            nodes.add(new NodeProcess("node-" + i, directory, new Wire(port), database).start());
        }
        nodes.forEach(NodeProcess::awaitReady);
    }

    List<NodeProcess> nodes() {
        return nodes;
    }

    TestDatabase database() {
        return database;
    }

    boolean hasSmallDisk() {
        return disk != null;
    }

    void killNode(NodeProcess node) throws IOException, InterruptedException {
        node.kill();
        node.start().awaitReady();
    }

    /** All its processes at once; then it is started again, and recovers. */
    void killPostgres() {
        server.kill();
        server.restart();
    }

    /** One process that serves a node, or that writes for all: the others give up what they were doing, and recover. */
    void killBackend(SplittableRandom random) {
        List<Long> victims = JdbcClient.create(database.dataSource())
                .sql("""
                        select pid from pg_stat_activity where pid <> pg_backend_pid()
                            and (application_name like 'ledger%' or backend_type in ('walwriter', 'checkpointer'))
                        """)
                .query((row, _) -> row.getLong(1))
                .list();
        long victim = victims.get(random.nextInt(victims.size()));
        ProcessHandle.of(victim).ifPresent(ProcessHandle::destroyForcibly);
        await("PostgreSQL takes connections again")
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> isAway(victim));
    }

    private boolean isAway(long victim) {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select exists (select from pg_stat_activity where pid = " + victim + ")")) {
            return row.next() && !row.getBoolean(1);
        } catch (SQLException _) {
            return false;
        }
    }

    /** Until appends have failed for want of space. */
    void fillDisk() throws IOException {
        if (disk == null) {
            throw new IllegalStateException("there is no disk to fill");
        }
        long before = spaceMissed();
        disk.fill();
        try {
            await("the disk is full")
                    .atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> spaceMissed() > before);
        } finally {
            disk.relieve();
        }
    }

    /** Until the server has panicked for want of space for its log. */
    void fillLog() throws IOException, SQLException {
        if (logDisk == null) {
            throw new IllegalStateException("there is no disk to fill");
        }
        logDisk.fill();
        try {
            server.exhaustLog();
        } finally {
            logDisk.relieve();
        }
        server.recover();
    }

    private long spaceMissed() {
        return said("No space left on device");
    }

    /** How often the nodes' logs say this. */
    long said(String words) {
        return nodes.stream().mapToLong(node -> node.said(words)).sum();
    }

    /** Ends the nodes as their user would; the database remains. */
    void stopNodes() throws IOException {
        for (NodeProcess node : nodes) {
            node.close();
        }
        nodes.clear();
    }

    @Override
    public void close() throws IOException {
        stopNodes();
        server.close();
        for (SmallDisk small : Stream.of(disk, logDisk).filter(Objects::nonNull).toList()) {
            small.close();
        }
    }
}
