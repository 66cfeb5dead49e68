package ledger.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ledger.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An auditor takes a ledger home and verifies it there, with the command line alone. */
class AuditTest {

    @TempDir
    private static Path home;

    private static RunningLedger ledger;
    private static Client admin;

    private record Said(int code, String text) {}

    @BeforeAll
    static void start() {
        ledger = RunningLedger.on(TestDatabase.create());
        admin = new Client(ledger.url(), ledger.token());
        Client theirs = admin.as(ledger.token("--tenant", "acme"));
        for (int i = 0; i < 5; i++) {
            plan(admin, "ours-" + i);
            plan(theirs, "theirs-" + i);
        }
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static void plan(Client client, String slug) {
        assertThat(client.post("/v1/plans", """
            {"slug": "%s", "name": "Plan \u00fc", "prices": [{"term": {"every": 1, "unit": "MONTH"},
                "amount": {"amount": 1900, "currency": "USD"}, "per": "FLAT"}]}""".formatted(slug)).status()).isEqualTo(201);
    }

    @Test
    void an_export_is_verified_and_whatever_happens_to_it_is_found() throws IOException {
        awaitSealed(10);
        Path export = home.resolve("ledger.ndjson");
        Said exported = run("export", export.toString(), "--url", ledger.url(), "--admin-client", ledger.adminClient());
        String key = run("checkpoint", "--keys", "--url", ledger.url(), "--admin-client", ledger.adminClient())
                .text()
                .strip();
        assertThat(exported.code()).isZero();
        int events = Files.readAllLines(export).size(); // those of plans, and of audits before
        assertThat(exported.text())
                .contains(events + " events are in " + export)
                .contains("--key '" + key + "'");
        assertThat(run("verify", export.toString(), "--key", key))
                .isEqualTo(new Said(
                        0, "Intact: the first " + events + " events are what was signed, 5 of them as hashes only.\n"));

        // goes on where it was broken off, and where it ended
        byte[] whole = Files.readAllBytes(export);
        Files.write(export, Arrays.copyOf(whole, whole.length / 2));
        run("export", export.toString(), "--url", ledger.url(), "--admin-client", ledger.adminClient());
        assertThat(Files.readAllBytes(export)).startsWith(whole);
        Path kept = Files.copy(home.resolve("ledger.ndjson.checkpoint"), home.resolve("kept"));
        int before = Files.readAllLines(export).size();
        plan(admin, "later");
        awaitSealed(before + 1);
        run("export", export.toString(), "--url", ledger.url(), "--admin-client", ledger.adminClient());
        assertThat(Files.readAllBytes(export)).startsWith(whole).hasSizeGreaterThan(whole.length);
        assertThat(run("verify", export.toString(), "--key", key).code()).isZero();
        Said old = run("verify", export.toString(), "--key", key, "--checkpoint", kept.toString());
        assertThat(old.code()).isEqualTo(1);
        assertThat(old.text()).contains("differs is " + (before + 1) + ": no checkpoint covers it");
        assertThat(run("verify", export.toString(), "--key", key, "--checkpoint", kept.toString(), "--prefix")
                        .code())
                .isZero();

        // a single price is not what it was
        List<String> lines = new ArrayList<>(Files.readAllLines(export));
        lines.set(4, lines.get(4).replace("1900", "1800"));
        Files.write(export, lines);
        Said altered = run("verify", export.toString(), "--key", key);
        assertThat(altered.code()).isEqualTo(1);
        assertThat(altered.text())
                .isEqualTo("ALTERED: the first position that differs is 5: its line is not the one that was sealed.\n");
        assertThat(run("verify", export.toString(), "--key", key, "--json").text())
                .contains("\"intact\":false")
                .contains("\"from\":5");

        assertThat(run("verify", home.resolve("nothing").toString(), "--key", key)
                        .code())
                .isEqualTo(2);
        assertThat(run("verify", export.toString(), "--key", "nonsense").code()).isEqualTo(2);
    }

    @Test
    void proofs_are_verified_one_by_one() throws IOException {
        awaitSealed(10);
        String note = text("/v1/ledger/checkpoints?limit=200");
        Path checkpoints = Files.writeString(home.resolve("checkpoints"), note);
        Path newest = Files.writeString(home.resolve("newest"), text("/v1/ledger/checkpoint"));
        String size = Files.readAllLines(newest).get(1);
        String first = Files.readAllLines(checkpoints).get(1);
        Path key = Files.writeString(home.resolve("keys"), text("/v1/ledger/key"));
        Path event = Files.writeString(home.resolve("event"), text("/v1/ledger/export?from=3&to=3"));
        Path inclusion = Files.writeString(
                home.resolve("inclusion"), text("/v1/ledger/proofs/inclusion?position=3&size=" + size));
        String[] asked = {
            "verify-proof", inclusion.toString(), "--checkpoint", newest.toString(), "--key", key.toString()
        };
        assertThat(run(with(asked, "--event", event.toString())).text())
                .isEqualTo("Proved: the event is number 3 of " + size + ".\n");
        Files.writeString(event, Files.readString(event).replace("1900", "1901"));
        assertThat(run(with(asked, "--event", event.toString())).code()).isEqualTo(1);
        assertThat(run(asked).code()).isEqualTo(2);

        Path consistency = Files.writeString(
                home.resolve("consistency"), text("/v1/ledger/proofs/consistency?from=" + first + "&to=" + size));
        Said extended = run(
                "verify-proof",
                consistency.toString(),
                "--checkpoint",
                checkpoints.toString(),
                "--checkpoint",
                newest.toString(),
                "--key",
                key.toString());
        assertThat(extended.text())
                .isEqualTo("Proved: the ledger of size " + size + " begins with that of size " + first + ".\n");
        Said all = run("checkpoint", "--all", "--url", ledger.url(), "--admin-client", ledger.adminClient());
        assertThat(all.text()).startsWith(note);
    }

    private static void awaitSealed(long size) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Long.parseLong(text("/v1/ledger/checkpoint").split("\n", 3)[1]) >= size);
    }

    private static String text(String path) {
        return admin.get(path).response().body();
    }

    private static String[] with(String[] arguments, String... more) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static Said run(String... arguments) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int code = Standalone.commandLine().setOut(out).setErr(out).execute(arguments);
        return new Said(code, said.toString());
    }
}
