package ledger.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import ledger.standalone.Client.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/**
 * The drill of docs/operations.md: a copy of the running server's files and the log that it archives, brought back on a new
 * server to a chosen moment after the copy; the old server is gone.
 */
class RestoreTest {

    private static final String LEDGER = """
            select encode(sha256(convert_to(string_agg(e::text, ';' order by position), 'UTF8')), 'hex') || ' ' || count(*)
            from ledger.event e where position <= %d""";

    @Test
    void whatWasAcknowledgedBeforeTheChosenMomentIsThereAndNothingElse(@TempDir Path directory) throws Exception {
        Path archive = Files.createDirectory(directory.resolve("archive"));
        Path backup = directory.resolve("backup");
        List<Answer> kept = new ArrayList<>();
        String hash;
        long position;
        try (DataDirectory old = DataDirectory.hold(directory.resolve("old"));
                EmbeddedServer server = BaseCopy.archiving(old, archive);
                RunningLedger ledger = RunningLedger.on(server, old);
                Connection connection = BaseCopy.connect(server.database())) {
            Client admin = new Client(ledger.url(), ledger.token());
            Sales.open(admin);
            kept.add(Sales.subscribe(admin, "before-the-copy"));
            BaseCopy.of(connection, old.path().resolve("postgres/data"), backup);
            kept.add(Sales.subscribe(admin, "after-the-copy"));
            kept.add(cancel(admin, kept.getFirst()));
            position = position(kept.getLast());
            BaseCopy.ask(connection, "select pg_create_restore_point('monday')");
            Sales.subscribe(admin, "too-late");
            hash = BaseCopy.ask(connection, LEDGER.formatted(position));
            BaseCopy.archive(connection);
            Files.copy(old.path().resolve("postgres/password"), directory.resolve("password"));
            Files.copy(old.path().resolve("seal-key"), directory.resolve("seal-key"));
        }
        FileSystemUtils.deleteRecursively(directory.resolve("old"));

        Path fresh = restored(directory, backup, archive);
        try (DataDirectory held = DataDirectory.hold(fresh);
                EmbeddedServer server = EmbeddedServer.start(held);
                Connection connection = BaseCopy.connect(server.database())) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> BaseCopy.ask(connection, "select pg_is_in_recovery()")
                            .equals("f"));
            assertThat(BaseCopy.ask(connection, LEDGER.formatted(Long.MAX_VALUE)))
                    .isEqualTo(hash);
            try (RunningLedger ledger = RunningLedger.on(server, held)) {
                check(ledger, position);
                Client admin = new Client(ledger.url(), ledger.token());
                assertThat(view(admin, kept.get(2), position))
                        .isEqualTo(kept.get(2).body());
                assertThat(view(admin, kept.get(1), position))
                        .isEqualTo(kept.get(1).body());
                assertThat(admin.get("/v1/subscriptions?customerId=too-late")
                                .body()
                                .path("items"))
                        .isEmpty();
                assertThat(position(Sales.subscribe(admin, "afterwards"))).isEqualTo(position + 1);
            }
        }
    }

    /** What the drill has its operator do before anybody uses it. */
    private static void check(RunningLedger ledger, long position) {
        await().until(
                        () -> ledger.run("checkpoint")
                                .output()
                                .lines()
                                .skip(1)
                                .findFirst()
                                .orElse(""),
                        size -> size.equals(Long.toString(position)));
        isWell(ledger, "verify-stored");
        for (String projection : List.of("subscription", "plan")) {
            isWell(ledger, "diff", projection);
            isWell(ledger, "rebuild", projection, "--follow");
        }
        isWell(ledger, "status");
    }

    private static void isWell(RunningLedger ledger, String... command) {
        RunningLedger.Ran ran = ledger.run(command);
        assertThat(ran.code()).as(ran.output()).isZero();
    }

    private static Path restored(Path directory, Path backup, Path archive) throws IOException {
        Path postgres = Files.createDirectories(directory.resolve("new/postgres"));
        Files.move(backup, postgres.resolve("data"));
        Files.move(directory.resolve("password"), postgres.resolve("password"));
        Files.move(directory.resolve("seal-key"), directory.resolve("new/seal-key"));
        Files.createFile(postgres.resolve("data/recovery.signal"));
        Files.writeString(postgres.resolve("data/postgresql.conf"), """
                archive_mode = off
                restore_command = 'cp "%s/%%f" "%%p"'
                recovery_target_name = 'monday'
                recovery_target_action = promote
                """.formatted(archive), StandardOpenOption.APPEND);
        return directory.resolve("new");
    }

    private static Answer cancel(Client admin, Answer subscribed) {
        Answer answer = admin.post(
                "/v1/subscriptions/" + subscribed.text("subscriptionId") + "/cancellation", "{\"when\": \"NOW\"}");
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }

    private static Object view(Client admin, Answer command, long position) {
        return admin.send(
                        "GET",
                        "/v1/subscriptions/" + command.text("subscriptionId"),
                        "",
                        "Ledger-Position",
                        Long.toString(position))
                .body();
    }

    private static long position(Answer command) {
        return command.response().headers().firstValueAsLong("Ledger-Position").orElseThrow();
    }
}
