package ledger.query.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import ledger.query.Ledger;
import ledger.query.Node;
import ledger.query.Node.Answer;
import ledger.testing.TestIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** The seal as auditors meet it, checked by means that share nothing with it. */
class SealTest {

    private static final Ledger LEDGER = Ledger.create();
    private static final List<byte[]> LINES = new ArrayList<>();

    /** JSON that comes back otherwise if anything reads and writes it on the way. */
    private static final String AWKWARD =
            "{\"b\":1.0, \"a\" : \"\u00e4\\u00e4\u2028\\/\ud83d\ude00\",\"a\":1e3,\"z\":[ ],\"n\":null}";

    private static Node node;
    private static long last;

    @BeforeAll
    static void start(@TempDir Path data) {
        LEDGER.append("default", UUID.randomUUID(), 0, "plan.published", AWKWARD);
        LEDGER.fill("acme", 300, "{\"of\":\"acme\"}");
        LEDGER.fill("default", 1000, "{\"of\":\"default\"}");
        LEDGER.fill("acme", 2, "{\"of\":\"acme\"}");
        last = LEDGER.fill("default", 44, "{\"of\":\"default\"}");
        LINES.addAll(JdbcClient.create(LEDGER.database().dataSource())
                .sql("select *, payload::text p, metadata::text m from ledger.event order by position")
                .query((row, _) -> line(row).getBytes(UTF_8))
                .list());
        node = Node.sealing(LEDGER, data.resolve("seal-key"), "--LEDGER_SEAL_ORIGIN=example.com/test");
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        get("/v1/ledger/checkpoint").response().body().startsWith("example.com/test\n" + last + "\n"));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** An event's line as the format is defined, put together by other means than ours. */
    private static String line(ResultSet row) throws SQLException {
        return String.format(
                "{\"position\":%d,\"tenant\":\"%s\",\"streamType\":\"%s\",\"streamId\":\"%s\",\"version\":%d,\"eventId\":\"%s\","
                        + "\"type\":\"%s\",\"revision\":%d,\"effectiveAt\":\"%s\",\"recordedAt\":\"%s\",\"payload\":%s,\"metadata\":%s}",
                row.getLong("position"),
                row.getString("tenant"),
                row.getString("stream_type"),
                row.getString("stream_id"),
                row.getLong("version"),
                row.getString("event_id"),
                row.getString("type"),
                row.getInt("revision"),
                utc(row.getObject("effective_at", OffsetDateTime.class)),
                utc(row.getObject("recorded_at", OffsetDateTime.class)),
                row.getString("p"),
                row.getString("m"));
    }

    private static String utc(OffsetDateTime time) {
        return time.withOffsetSameInstant(ZoneOffset.UTC)
                .format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'"));
    }

    @Test
    void the_checkpoint_is_signed_and_has_the_root_of_the_lines() {
        Answer answer = get("/v1/ledger/checkpoint");
        assertThat(answer.header("Content-Type")).isEqualTo("text/plain;charset=UTF-8");
        String key = get("/v1/ledger/key").response().body();
        assertThat(key).startsWith("example.com/test+").endsWith("\n");
        Notes checkpoint = Notes.verified(answer.response().body(), key.strip());
        assertThat(checkpoint.origin()).isEqualTo("example.com/test");
        assertThat(checkpoint.size()).isEqualTo(last);
        assertThat(checkpoint.root()).isEqualTo(Rfc6962.root(LINES));
        assertThat(new String(LINES.getFirst(), UTF_8)).contains("\"payload\":" + AWKWARD + ",\"metadata\":");
    }

    @Test
    void every_event_of_ones_own_can_be_proved_and_nobody_elses() {
        Random random = new Random(9162);
        for (int i = 0; i < 40; i++) {
            int position = 302 + random.nextInt(1000);
            int size = position + random.nextInt((int) last - position + 1);
            JsonNode proof = get("/v1/ledger/proofs/inclusion?position=" + position + "&size=" + size)
                    .json();
            byte[] leaf = Rfc6962.sha256(new byte[] {0}, LINES.get(position - 1));
            assertThat(bytes(proof.path("leafHash"))).isEqualTo(leaf);
            assertThat(Rfc6962.rootOf(leaf, position - 1, size, hashes(proof)))
                    .isEqualTo(bytes(proof.path("rootHash")))
                    .isEqualTo(Rfc6962.root(LINES.subList(0, size)));
        }
        assertThat(get("/v1/ledger/proofs/inclusion?position=2").status()).isEqualTo(404);
        Node acme = node.as(TestIssuer.shared().tokenOf("acme", "eve", "auditor"));
        assertThat(acme.get("/v1/ledger/proofs/inclusion?position=2").status()).isEqualTo(200);
        assertThat(acme.get("/v1/ledger/proofs/inclusion?position=1").status()).isEqualTo(404);
    }

    @Test
    void each_state_is_shown_to_begin_with_each_earlier_one() {
        Random random = new Random(6962);
        for (int i = 0; i < 40; i++) {
            int to = 2 + random.nextInt((int) last - 1);
            int from = 1 + random.nextInt(to - 1);
            JsonNode proof = get("/v1/ledger/proofs/consistency?from=" + from + "&to=" + to)
                    .json();
            byte[] older = Rfc6962.root(LINES.subList(0, from));
            byte[] newer = Rfc6962.root(LINES.subList(0, to));
            assertThat(Rfc6962.rootsOf(from, older, to, hashes(proof))).containsExactly(older, newer);
            assertThat(bytes(proof.path("fromRootHash"))).isEqualTo(older);
            assertThat(bytes(proof.path("toRootHash"))).isEqualTo(newer);
        }
        for (String trivial : List.of("from=0", "from=7&to=7", "from=0&to=0")) {
            Answer proof = get("/v1/ledger/proofs/consistency?" + trivial);
            assertThat(proof.status()).isEqualTo(200);
            assertThat(proof.json().path("hashes").isEmpty()).isTrue();
        }
    }

    @Test
    void all_checkpoints_are_kept_and_each_is_signed() {
        String key = get("/v1/ledger/key").response().body().strip();
        List<Notes> all = Arrays.stream(
                        get("/v1/ledger/checkpoints?after=0").response().body().split("\n\n(?!\u2014)"))
                .map(note -> Notes.verified(note + "\n", key))
                .toList();
        assertThat(all.getLast().size()).isEqualTo(last);
        assertThat(all)
                .allSatisfy(checkpoint -> assertThat(checkpoint.root())
                        .isEqualTo(Rfc6962.root(LINES.subList(0, (int) checkpoint.size()))));
        assertThat(get("/v1/ledger/checkpoints?after=" + last).response().body())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "inclusion?position=0, 400, invalid-parameter",
        "inclusion?position=-1, 400, invalid-parameter",
        "inclusion?position=9223372036854775807, 400, invalid-parameter",
        "inclusion?position=99999999999999999999, 400, invalid-parameter",
        "inclusion?position=one, 400, invalid-parameter",
        "inclusion?position=10&size=9, 400, invalid-parameter",
        "inclusion?position=1&size=0, 400, invalid-parameter",
        "inclusion?position=1&size=-1, 400, invalid-parameter",
        "inclusion?position=1&size=99999, 400, invalid-parameter",
        "inclusion?size=9, 400, invalid-parameter",
        "inclusion, 400, invalid-parameter",
        "inclusion?position=1&depth=3, 400, unknown-parameter",
        "consistency, 400, invalid-parameter",
        "consistency?from=-1, 400, invalid-parameter",
        "consistency?from=10&to=9, 400, invalid-parameter",
        "consistency?from=1&to=99999, 400, invalid-parameter",
        "consistency?from=99999, 400, invalid-parameter"
    })
    void what_cannot_be_proved_is_refused(String question, int status, String code) {
        Answer answer = get("/v1/ledger/proofs/" + question);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().path("code").asString()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=201", "after=x", "cursor=1"})
    void and_so_are_lists_that_nobody_has(String parameters) {
        assertThat(get("/v1/ledger/checkpoints?" + parameters).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update seal.checkpoint set note = note",
                "delete from seal.checkpoint",
                "truncate seal.key, seal.checkpoint",
                "update seal.subtree set level = level",
                "delete from seal.key"
            })
    void what_is_sealed_stays_even_from_its_owner(String change) {
        assertThatThrownBy(() -> LEDGER.execute(change)).hasMessageContaining("append-only");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete from seal.checkpoint",
                "update seal.key set since = now()",
                "insert into ledger.claim values ('a', 'b', 'c', 1, gen_random_uuid())",
                "delete from ledger.event",
                "delete from views.projection"
            })
    void the_sealer_may_write_nothing_else(String change) throws SQLException {
        try (Connection connection = LEDGER.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set role ledger_sealer");
            assertThatThrownBy(() -> statement.execute(change)).hasMessageContaining("permission denied");
        }
    }

    @Test
    void all_that_is_stored_is_compared_with_what_was_sealed() {
        String note = get("/v1/ledger/checkpoint").response().body();
        assertThat(verified().toString()).contains("\"intact\":true").contains("\"events\":" + last);
        LEDGER.execute("alter table ledger.event disable trigger user; "
                + "update ledger.event set payload = '{\"of\": \"default\"}' where position = 700");
        assertThat(verified().toString()).contains("\"intact\":false").contains("\"firstDifference\":700");
        LEDGER.execute("update ledger.event set payload = '{\"of\":\"default\"}' where position = 700; "
                + "alter table ledger.event enable trigger user; alter table seal.checkpoint disable trigger user; "
                + "update seal.checkpoint set root = sha256('') where size = " + last);
        assertThat(verified().toString()).contains("\"intact\":false").contains("\"firstDifference\":" + last);
        LEDGER.execute("update seal.checkpoint set root = decode('"
                + HexFormat.of().formatHex(Rfc6962.root(LINES)) + "', 'hex') where size = " + last);
        assertThat(verified().toString()).contains("\"intact\":true");
        LEDGER.execute(
                "update seal.checkpoint set note = overlay(note placing '0000' from length(note) - 20) where size = "
                        + last);
        assertThat(verified().toString()).contains("not signed").contains("\"firstDifference\":" + last);
        LEDGER.execute("update seal.checkpoint set note = '" + note + "' where size = " + last
                + "; alter table seal.checkpoint enable trigger user");
        assertThat(verified().toString()).contains("\"intact\":true");
    }

    @Test
    void what_is_no_key_verifies_nothing() {
        LEDGER.execute("alter table seal.key disable trigger user; insert into seal.key (verifier) "
                + "values ('nobody'), ('some+one+no key'), ('some+one+AQ=='), ('some+one+')");
        assertThat(verified().toString()).contains("\"intact\":true");
        LEDGER.execute("update seal.key set verifier = 'x' || verifier");
        assertThat(verified().toString()).contains("\"intact\":false").contains("not signed");
        LEDGER.execute("update seal.key set verifier = substr(verifier, 2); "
                + "delete from seal.key where verifier ~ '^(nobody|some)'; alter table seal.key enable trigger user");
        assertThat(verified().toString()).contains("\"intact\":true");
    }

    private static JsonNode verified() {
        Answer started = node.post("/v1/ledger/verification");
        assertThat(started.status()).isEqualTo(202);
        String job = started.header("Location");
        return await().atMost(Duration.ofSeconds(30))
                .until(() -> node.get(job).json(), answer -> answer.has("finishedAt"))
                .path("result");
    }

    @Test
    void health_tells_how_far_it_is() {
        Node admin = node.as(TestIssuer.shared().token("admin", "admin"));
        JsonNode seal = await().until(
                        () -> admin.get("/actuator/health").json().at("/components/seal"),
                        it -> it.at("/details/position").asLong() == last);
        assertThat(seal.path("status").asString()).isEqualTo("UP");
        assertThat(seal.at("/details/lag").asLong()).isZero();
        assertThat(seal.at("/details/here").asBoolean()).isTrue();
    }

    private static Answer get(String path) {
        return node.get(path, Map.of());
    }

    private static byte[] bytes(JsonNode base64) {
        return Base64.getDecoder().decode(base64.asString());
    }

    private static List<byte[]> hashes(JsonNode proof) {
        return proof.path("hashes").valueStream().map(SealTest::bytes).toList();
    }
}
