package ledger.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ledger.api.EventTypes;
import ledger.standalone.Client.Answer;
import ledger.testing.TestDatabase;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Today's code on the ledger that each released version left: {@code schema} names the migration it had, {@code ledger.sql} is
 * what it stored, {@code views.ndjson} what it showed. {@link WrittenLedger} writes these files for a version to be released.
 */
class UpgradeTest {

    private static final Path LEDGERS = Path.of("src/test/resources/ledgers");
    private static final String EVENTS = """
            select encode(sha256(convert_to(string_agg(concat_ws('|', position, tenant, stream_id, stream_type, version, event_id,
                type, revision, effective_at, recorded_at, payload, metadata), ';' order by position), 'UTF8')), 'hex')
            from ledger.event where position <= ?""";

    static List<Path> versions() throws IOException {
        try (Stream<Path> directories = Files.list(LEDGERS)) {
            return directories.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whatAnEarlierVersionStoredIsKeptShownAndDecidedOn(Path version) throws Exception {
        TestDatabase database = TestDatabase.create();
        JdbcClient sql = JdbcClient.create(database.dataSource());
        Flyway.configure()
                .dataSource(database.dataSource())
                .schemas("ledger")
                .locations("classpath:db/ledger")
                .target(Files.readString(version.resolve("schema")).strip())
                .load()
                .migrate();
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute(Files.readString(version.resolve("ledger.sql")));
        }
        long last = sql.sql("select max(position) from ledger.event")
                .query(Long.class)
                .single();
        String stored = hash(sql, last);

        try (RunningLedger ledger = RunningLedger.on(database)) {
            assertThat(hash(sql, last)).as("no migration touches an event").isEqualTo(stored);
            Client admin = new Client(ledger.url(), ledger.token());
            List<JsonNode> views = views(version);
            assertThat(views).hasSizeGreaterThan(3);
            for (JsonNode shown : views) {
                Answer now =
                        admin.send("GET", shown.path("path").asString(), "", "Ledger-Position", Long.toString(last));
                assertThat(now.status()).isEqualTo(200);
                assertKept(shown.path("body"), now.body());
            }
            decides(admin, views);
        }
    }

    /** What was shown is shown; there may be more. */
    private static void assertKept(JsonNode then, JsonNode now) {
        for (Map.Entry<String, JsonNode> field : then.properties()) {
            assertThat(now.path(field.getKey())).as(field.getKey()).isEqualTo(field.getValue());
        }
    }

    /** A command on each subscription, which first reads all that happened to it; it either does something or is refused. */
    private static void decides(Client admin, List<JsonNode> views) {
        List<String> decided = new ArrayList<>();
        for (JsonNode shown : views) {
            String path = shown.path("path").asString();
            if (path.matches("/v1/subscriptions/[0-9a-f-]+")) {
                Answer answer = admin.post(path + "/cancellation", "{\"when\": \"NOW\"}");
                assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
                decided.add(answer.text("status"));
            }
        }
        assertThat(decided).contains("CANCELED", "EXPIRED");
        Answer subscribed = admin.post("/v1/subscriptions", """
                {"customerId": "new", "plan": "seats", "term": {"every": 1, "unit": "MONTH"}}""");
        assertThat(subscribed.status()).as("%s", subscribed.body()).isEqualTo(201);
        assertThat(admin.post(
                                "/v1/subscriptions/" + subscribed.text("subscriptionId") + "/usage",
                                "{\"metric\": \"calls\", \"quantity\": 1}")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void itHasEveryKindOfEventOfItsTime(Path version) throws Exception {
        String stored = Files.readString(version.resolve("ledger.sql"));
        assertThat(EventTypes.names()).containsAll(Files.readAllLines(version.resolve("types")));
        assertThat(Files.readAllLines(version.resolve("types")))
                .hasSizeGreaterThanOrEqualTo(20)
                .allMatch(type -> stored.contains("'" + type + "'"));
    }

    private static List<JsonNode> views(Path version) throws IOException {
        JsonMapper json = new JsonMapper();
        return Files.readAllLines(version.resolve("views.ndjson")).stream()
                .map(json::readTree)
                .toList();
    }

    private static String hash(JdbcClient sql, long last) {
        return sql.sql(EVENTS).param(last).query(String.class).single();
    }
}
