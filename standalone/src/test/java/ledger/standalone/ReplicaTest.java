package ledger.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import ledger.standalone.Client.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real servers. The second one follows the first by its archive alone, and so exactly when the test says so. */
class ReplicaTest {

    @Test
    void questionsAreReadThereAsSoonAsItShowsWhatTheyMustSee(@TempDir Path directory) throws Exception {
        Path archive = Files.createDirectory(directory.resolve("archive"));
        try (DataDirectory first = DataDirectory.hold(directory.resolve("first"));
                EmbeddedServer server = BaseCopy.archiving(first, archive);
                Connection connection = BaseCopy.connect(server.database());
                DataDirectory second = copy(connection, first.path(), directory.resolve("second"), archive);
                EmbeddedServer replica = EmbeddedServer.start(second);
                Connection there = BaseCopy.connect(replica.database());
                RunningLedger ledger = RunningLedger.on(
                        server,
                        first,
                        "--LEDGER_REPLICA_URL=" + replica.database().url())) {
            Client admin = new Client(ledger.url(), ledger.token());
            Sales.open(admin);
            Answer old = Sales.subscribe(admin, "c-0");

            int[] customer = new int[1];
            Answer fresh = await("the replica is read, and does not show what is new")
                    .atMost(Duration.ofSeconds(30))
                    .until(
                            () -> {
                                follow(connection, there);
                                return Sales.subscribe(admin, "c-" + ++customer[0]);
                            },
                            answer -> admin.get(path(answer)).status() == 404);
            assertThat(seen(admin, fresh).status()).isEqualTo(200);
            assertThat(admin.get(path(fresh) + "?asOf=" + Instant.now()).status())
                    .isEqualTo(200);

            follow(connection, there);
            assertThat(admin.get(path(fresh)).status()).isEqualTo(200);
            assertThat(admin.get(path(fresh) + "/limits").status()).isEqualTo(200);
            assertThat(admin.get("/v1/subscriptions").body().path("items")).hasSize(customer[0] + 1);
            assertThat(admin.get("/v1/statistics").status()).isEqualTo(200);

            replica.close();
            assertThat(admin.get(path(old)).status()).isEqualTo(200);
            assertThat(seen(admin, Sales.subscribe(admin, "c-" + ++customer[0])).status())
                    .isEqualTo(200);
        }
    }

    private static DataDirectory copy(Connection connection, Path from, Path to, Path archive) throws Exception {
        DataDirectory held = DataDirectory.hold(to);
        Path data = Files.createDirectories(to.resolve("postgres/data"));
        Files.delete(data);
        BaseCopy.of(connection, from.resolve("postgres/data"), data);
        Files.copy(from.resolve("postgres/password"), to.resolve("postgres/password"));
        Files.copy(from.resolve("postgres/ledger.conf"), to.resolve("postgres/ledger.conf"));
        Files.createFile(data.resolve("standby.signal"));
        Files.writeString(data.resolve("postgresql.conf"), """
                archive_mode = off
                restore_command = 'cp "%s/%%f" "%%p"'
                wal_retrieve_retry_interval = '50ms'
                """.formatted(archive), StandardOpenOption.APPEND);
        BaseCopy.archive(connection);
        return held;
    }

    private static void follow(Connection connection, Connection there) throws SQLException {
        String end = BaseCopy.archive(connection);
        await("the replica has followed")
                .until(() -> BaseCopy.ask(there, "select pg_last_wal_replay_lsn() >= '%s'".formatted(end))
                        .equals("t"));
    }

    private static String path(Answer subscribed) {
        return "/v1/subscriptions/" + subscribed.text("subscriptionId");
    }

    private static Answer seen(Client admin, Answer subscribed) {
        return admin.send("GET", path(subscribed), "", "Ledger-Position", subscribed.header("Ledger-Position"));
    }
}
