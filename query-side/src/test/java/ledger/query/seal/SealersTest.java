package ledger.query.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ledger.api.Rejected;
import ledger.query.Ledger;
import ledger.query.LedgerFeed;
import ledger.query.Lines;
import ledger.query.Node;
import ledger.query.OwnConnections;
import ledger.query.seal.Seal.Damaged;
import ledger.query.seal.Seal.Unsealable;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who seals, with which key, and what is there after sealers died at any point. */
class SealersTest {

    private static final int KILLS = 30;

    private final Ledger ledger = Ledger.create();

    @TempDir
    private Path data;

    @Test
    void however_often_they_die_and_race_the_tree_is_that_of_the_ledger() throws SQLException {
        try (Node node = Node.start(ledger)) {
            LedgerFeed feed = node.bean(LedgerFeed.class);
            List<Sealer> sealers = Stream.generate(() -> new Sealer(
                            settings(), new SealStatus(feed, settings()), feed, node.bean(OwnConnections.class)))
                    .limit(3)
                    .toList();
            Random random = new Random(5);
            long last = ledger.fill("default", 300, "{}");
            sealers.forEach(Sealer::start);
            int killed = 0;
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
            while (killed < KILLS && System.nanoTime() < end) {
                last = ledger.fill("default", 1 + random.nextInt(400), "{\"n\":" + random.nextInt() + "}");
                killed += kill(random.nextInt(8));
            }
            sealers.getFirst().stop();
            long all = last;
            await().atMost(Duration.ofSeconds(20)).until(() -> tables().size() == all);
            sealers.forEach(Sealer::stop);
            assertThat(killed).isEqualTo(KILLS);
            requireTree(all);
        }
    }

    /** Ends one of the sessions that seal or wait for it, at whatever they are, after so many milliseconds. */
    private int kill(int after) {
        return JdbcClient.create(ledger.database().dataSource())
                .sql("""
                        select pg_sleep(?), (select count(pg_terminate_backend(pid)) from
                            (select pid from pg_stat_activity where application_name = 'ledger-sealer'
                                and datname = current_database() order by random() limit 1) one)""")
                .param(after / 1000.0)
                .query((row, _) -> row.getInt(2))
                .single();
    }

    private void requireTree(long last) throws SQLException {
        List<byte[]> lines = new ArrayList<>();
        try (Connection connection = ledger.database().connect()) {
            Lines.readAll(connection, 0, last, (_, line) -> lines.add(line));
        }
        List<Checkpoint> checkpoints = tables().after(-1, Integer.MAX_VALUE);
        assertThat(checkpoints.getFirst().size()).isZero();
        assertThat(checkpoints.getLast().size()).isEqualTo(last);
        byte[] hashes = tables().leaves(0, last);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(Arrays.copyOfRange(hashes, 32 * i, 32 * i + 32))
                    .isEqualTo(Rfc6962.sha256(new byte[] {0}, lines.get(i)));
        }
        for (int i = 0; i < checkpoints.size(); i += 1 + checkpoints.size() / 40) {
            Checkpoint one = checkpoints.get(i);
            byte[] root = Rfc6962.root(lines.subList(0, (int) one.size()));
            assertThat(one.root()).isEqualTo(root);
            assertThat(Notes.verified(one.note(), tables().keys().getFirst()).root())
                    .isEqualTo(root);
        }
        JdbcClient.create(ledger.database().dataSource())
                .sql("select level, number, hash from seal.subtree")
                .query(row -> {
                    Subtree subtree = new Subtree(row.getInt(1), row.getLong(2));
                    assertThat(row.getBytes(3))
                            .isEqualTo(Rfc6962.root(lines.subList((int) subtree.first(), (int) subtree.end())));
                });
        assertThat(tables().<byte[]>prove(proofs -> proofs.root(last))).isEqualTo(Rfc6962.root(lines));
    }

    @Test
    void hashes_that_are_gone_are_told_and_nothing_is_proved_without_them() throws Exception {
        long first = ledger.fill("default", 300, "{}");
        seal(settings(), first);
        long last = ledger.fill("default", 300, "{}");
        seal(settings(), last);
        ledger.execute(
                "alter table seal.checkpoint disable trigger all; delete from seal.checkpoint where size = " + first);
        assertThat(tables().leavesThere(100, 400)).isEmpty();
        assertThat(tables().leaves(300, 600)).hasSize(300 * 32);
        assertThatThrownBy(() -> tables().leaves(100, 400))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("event 101");
        assertThatThrownBy(() -> tables().<byte[]>prove(proofs -> proofs.root(280)))
                .isInstanceOf(Rejected.class);
        ledger.execute("alter table seal.subtree disable trigger user; delete from seal.subtree");
        assertThatThrownBy(() -> tables().<byte[]>prove(proofs -> proofs.root(256)))
                .isInstanceOf(Rejected.class);
        assertThatThrownBy(() -> seal(settings(), last)).isInstanceOf(Damaged.class);
    }

    @Test
    void where_sealed_events_are_gone_others_in_their_places_are_not_sealed() throws Exception {
        long last = ledger.fill("default", 3, "{}");
        seal(settings(), last);
        ledger.execute("alter table ledger.event disable trigger user; delete from ledger.event where position = "
                + last + "; alter table ledger.event enable trigger user");
        assertThatThrownBy(() -> seal(settings(), last)).isInstanceOf(Damaged.class);
        long more = ledger.fill("default", 3, "{}");
        assertThat(more).isEqualTo(last + 2);
        assertThatThrownBy(() -> seal(settings(), more))
                .isInstanceOf(Damaged.class)
                .hasMessageContaining("event " + last);
    }

    @Test
    void a_ledger_is_sealed_with_its_own_key_and_no_other() throws Exception {
        long last = ledger.fill("default", 3, "{}");
        seal(settings(), last);
        Path file = Path.of(settings().key());
        String first = tables().keys().getFirst();

        String secret = Files.readString(file);
        Files.delete(file);
        assertThatThrownBy(() -> seal(settings(), last))
                .isInstanceOf(Unsealable.class)
                .hasMessageContaining("seal-key");
        SealKeys.create(file, "example.com/test");
        assertThatThrownBy(() -> seal(settings(), last))
                .isInstanceOf(Unsealable.class)
                .hasMessageContaining("never been sealed with any key");
        Files.delete(file);
        SealKeys.create(file, "example.com/other");
        assertThatThrownBy(() -> seal(settings(), last))
                .isInstanceOf(Unsealable.class)
                .hasMessageContaining("example.com/other");
        assertThatThrownBy(() -> seal(new SealSettings(true, "", "", Duration.ofMillis(10)), last))
                .isInstanceOf(Unsealable.class)
                .hasMessageContaining("LEDGER_SEAL_KEY");

        Files.writeString(file, secret);
        SealKeys.rotate(file);
        long more = ledger.fill("default", 3, "{}");
        seal(settings(), more);
        assertThat(tables().keys()).hasSize(2).last().isEqualTo(first);
        String note = tables().newest().orElseThrow().note();
        for (String key : tables().keys()) {
            assertThat(Notes.verified(note, key).size()).isEqualTo(more);
        }
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    }

    @Test
    void nothing_is_sealed_after_what_was_sealed_has_gone_or_changed() throws Exception {
        long last = ledger.fill("default", 700, "{}");
        seal(settings(), last);
        ledger.execute("alter table ledger.event disable trigger user; "
                + "create table public.kept as select * from ledger.event where position > 690; "
                + "delete from ledger.event where position > 690");
        assertThatThrownBy(() -> seal(settings(), 690))
                .isInstanceOf(Damaged.class)
                .hasMessageContaining("event 700");
        ledger.execute("insert into ledger.event select * from public.kept");
        seal(settings(), last);
        ledger.fill("default", 3, "{}");
        ledger.execute("delete from ledger.event where position = 702");
        assertThatThrownBy(() -> seal(settings(), 703))
                .isInstanceOf(Unsealable.class)
                .hasMessageContaining("event 702 is missing");
        ledger.execute("alter table seal.subtree disable trigger user; "
                + "update seal.subtree set hash = sha256('') where level = 9");
        assertThatThrownBy(() -> seal(settings(), last))
                .isInstanceOf(Unsealable.class)
                .hasMessageContaining("not the one that was signed at size 700");
    }

    private void seal(SealSettings settings, long upTo) throws SQLException, Unsealable {
        for (String schema : List.of("views", "seal")) {
            Flyway.configure()
                    .dataSource(ledger.database().dataSource())
                    .schemas(schema)
                    .locations("classpath:db/" + schema)
                    .load()
                    .migrate();
        }
        try (Connection connection = ledger.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set role ledger_sealer");
            Seal seal = Seal.resume(connection, settings);
            if (upTo > seal.size()) {
                seal.extend(upTo);
            }
        }
    }

    private SealTables tables() {
        return new SealTables(JdbcClient.create(ledger.database().dataSource()));
    }

    private SealSettings settings() {
        return new SealSettings(true, data.resolve("seal-key").toString(), "example.com/test", Duration.ofMillis(10));
    }
}
