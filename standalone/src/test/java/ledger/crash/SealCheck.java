package ledger.crash;

import static org.awaitility.Awaitility.await;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import ledger.query.Lines;
import ledger.testing.TestDatabase;
import ledger.verifier.Checkpoint;
import ledger.verifier.ExportVerifier;
import ledger.verifier.Unverifiable;
import ledger.verifier.Verdict;
import ledger.verifier.VerificationKey;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Every checkpoint that was ever signed, against the events as they are now, by the verifier that an auditor has. */
final class SealCheck {

    private final TestDatabase database;
    private final JdbcClient sql;

    SealCheck(TestDatabase database) {
        this.database = database;
        this.sql = JdbcClient.create(database.dataSource());
    }

    /** Returns when all events are sealed. */
    void awaitHead() {
        await("all events are sealed")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> sql.sql(
                                "select (select max(size) from seal.checkpoint) = (select max(position) from ledger.event)")
                        .query(Boolean.class)
                        .single());
    }

    int checkpoints() {
        return texts("select note from seal.checkpoint").size();
    }

    Verdict verdict() throws IOException, SQLException, Unverifiable {
        List<VerificationKey> keys = VerificationKey.all(String.join("\n", texts("select verifier from seal.key")));
        String notes = String.join("\n", texts("select note from seal.checkpoint order by size"));
        Path export = Files.createTempFile("events", ".ndjson");
        try {
            export(export);
            return new ExportVerifier(Checkpoint.all(notes, keys), (_, _) -> {}).verify(List.of(export), null);
        } finally {
            Files.delete(export);
        }
    }

    private void export(Path file) throws IOException, SQLException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            Lines.readAll(connection, 0, Long.MAX_VALUE, (_, line) -> {
                try {
                    out.write(line);
                    out.write('\n');
                } catch (IOException e) {
                    throw new SQLException(e);
                }
            });
        }
    }

    private List<String> texts(String query) {
        return sql.sql(query)
                .query((row, _) -> String.valueOf(row.getString(1)))
                .list();
    }
}
