package ledger.query.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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
import tools.jackson.databind.JsonNode;

class FeedTest {

    private static final Ledger LEDGER = Ledger.create();
    private static final UUID STREAM = UUID.randomUUID();
    private static final String NDJSON = "application/x-ndjson";
    private static final String SSE = "text/event-stream";
    private static final int READERS = 100;
    private static final int OF_ONE = 160;

    private static Node node;
    private static Node acme;

    /** 1 of the stream, 2-101 acme's, 102-401 ours, 402 of the stream again, 403-500 acme's; others are added behind. */
    @BeforeAll
    static void start(@TempDir Path data) {
        LEDGER.append("default", STREAM, 0, "plan.published", "{\"a\": 1.0}");
        LEDGER.fill("acme", 100, "{\"of\":\"acme\"}");
        LEDGER.fill("default", 300, "{}");
        LEDGER.append("default", STREAM, 1, "plan.revised", "{}");
        LEDGER.fill("acme", 98, "{\"of\":\"acme\"}");
        node = Node.sealing(
                LEDGER,
                data.resolve("seal-key"),
                "--ledger.feed.streams=180",
                "--ledger.feed.streams-of-one=" + OF_ONE);
        acme = node.as(TestIssuer.shared().tokenOf("acme", "eve", "auditor"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> node.get("/v1/ledger/export?content=HASHES&to=500").status() == 200);
    }

    /** Open streams end with the node, and do not keep it from ending. */
    @AfterAll
    static void stop() throws IOException {
        List<Long> seen = new ArrayList<>();
        HttpResponse<InputStream> open =
                node.send("/v1/ledger/events?after=500", Map.of("Accept", SSE), BodyHandlers.ofInputStream());
        long begin = System.nanoTime();
        node.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        seen.addAll(ids(open, Integer.MAX_VALUE));
        assertThat(seen).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void pages_go_through_all_of_ones_own_and_nothing_else() {
        List<JsonNode> found = new ArrayList<>();
        String query = "/v1/ledger/events?limit=77";
        for (String after = "0"; !after.isEmpty(); ) {
            JsonNode page = node.get(query + "&after=" + after).json();
            page.path("items").forEach(found::add);
            after = page.path("nextCursor").asString("");
        }
        List<Long> positions =
                found.stream().map(item -> item.path("position").asLong()).toList();
        assertThat(positions)
                .startsWith(1L, 102L, 103L)
                .contains(402L)
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(positions.stream().filter(position -> position <= 500)).hasSize(302);
        assertThat(found)
                .allSatisfy(item -> assertThat(item.path("tenant").asString()).isEqualTo("default"));

        Answer last = acme.get("/v1/ledger/events?after=499&limit=1");
        assertThat(last.response().body()).startsWith("{\"items\":[{\"position\":500,");
        assertThat(last.header("Ledger-Position")).isEqualTo("500");
        assertThat(node.get("/v1/ledger/events?limit=1").response().body()).contains("\"payload\":{\"a\": 1.0},");
    }

    @Test
    void filters_narrow_it_down() {
        JsonNode stream = node.get("/v1/ledger/events?streamId=" + STREAM).json();
        assertThat(positions(stream)).containsExactly(1L, 402L);
        assertThat(stream.path("position").asLong()).isGreaterThanOrEqualTo(500);
        assertThat(stream.has("nextCursor")).isFalse();
        assertThat(positions(
                        node.get("/v1/ledger/events?after=1&streamId=" + STREAM).json()))
                .containsExactly(402L);
        assertThat(positions(acme.get("/v1/ledger/events?streamId=" + STREAM).json()))
                .isEmpty();
        assertThat(positions(node.get("/v1/ledger/events?type=plan.revised").json()))
                .containsExactly(402L);
        assertThat(positions(node.get("/v1/ledger/events?type=plan.revised&streamId=" + UUID.randomUUID())
                        .json()))
                .isEmpty();
    }

    @Test
    void lines_are_those_of_the_export() throws IOException {
        String lines = node.send(
                        "/v1/ledger/events?after=101&limit=301", Map.of("Accept", NDJSON), BodyHandlers.ofString())
                .body();
        String export = node.get("/v1/ledger/export?from=102&to=402").response().body();
        assertThat(lines).isEqualTo(export).endsWith("}\n");
        assertThat(export.lines()).hasSize(301);
    }

    @Test
    void a_hundred_readers_follow_live_and_a_dead_one_keeps_nobody() throws Exception {
        HttpResponse<InputStream> dead =
                node.send("/v1/ledger/events", Map.of("Accept", SSE), BodyHandlers.ofInputStream());
        long before = LEDGER.fill("default", 1, "{}");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Long>>> readers = IntStream.range(0, READERS)
                    .mapToObj(reader -> threads.submit(() -> follow(before, reader % 2 == 0)))
                    .toList();
            long last = before;
            for (int i = 0; i < 40; i++) {
                LEDGER.fill("acme", 3, "{}");
                last = LEDGER.fill("default", 5, "{}");
            }
            List<Long> expected = LongStream.rangeClosed(before + 1, last)
                    .filter(position -> (position - before - 1) % 8 >= 3)
                    .boxed()
                    .toList();
            for (Future<List<Long>> reader : readers) {
                assertThat(reader.get()).isEqualTo(expected);
            }
        }
        dead.body().close();
    }

    /** Two hundred events after a position; comes back in the middle and says where it was. */
    private static List<Long> follow(long after, boolean resumes) throws IOException {
        Map<String, String> headers = new HashMap<>(Map.of("Accept", SSE));
        HttpResponse<InputStream> first =
                node.send("/v1/ledger/events?after=" + after, headers, BodyHandlers.ofInputStream());
        List<Long> seen = ids(first, resumes ? 60 : 200);
        first.body().close();
        if (resumes) {
            headers.put("Last-Event-ID", seen.getLast().toString());
            HttpResponse<InputStream> second =
                    node.send("/v1/ledger/events?limit=140", headers, BodyHandlers.ofInputStream());
            seen.addAll(ids(second, Integer.MAX_VALUE));
        }
        return seen;
    }

    /** The ids of so many events of a stream, or of all until it ends; each must be the position of its data. */
    private static List<Long> ids(HttpResponse<InputStream> stream, int most) throws IOException {
        assertThat(stream.headers().firstValue("Content-Type").orElse("")).startsWith(SSE);
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8));
        List<Long> ids = new ArrayList<>();
        String id = "";
        for (String line = lines.readLine();
                line != null && ids.size() < most;
                line = ids.size() < most ? lines.readLine() : null) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: ")) {
                assertThat(line).startsWith("data: {\"position\":" + id + ",\"tenant\":\"default\"");
                ids.add(Long.valueOf(id));
            }
        }
        return ids;
    }

    @Test
    void too_many_streams_are_refused_and_end_when_their_readers_go() throws IOException {
        List<HttpResponse<InputStream>> open = new ArrayList<>();
        Node other = node.as(TestIssuer.shared().token("other", "auditor"));
        for (int i = 0; i < OF_ONE; i++) {
            open.add(other.send("/v1/ledger/events", Map.of("Accept", SSE), BodyHandlers.ofInputStream()));
        }
        Answer tooMany = other.get("/v1/ledger/events", Map.of("Accept", SSE));
        assertThat(tooMany.status()).isEqualTo(429);
        assertThat(tooMany.header("Retry-After")).isEqualTo("1");
        assertThat(other.get("/v1/ledger/export?to=1").status()).isEqualTo(429);
        assertThat(other.get("/v1/ledger/events?limit=1").status()).isEqualTo(200);
        Answer full = null;
        for (int i = 0; i < 21 && (full == null || full.status() == 200); i++) {
            HttpResponse<InputStream> one =
                    acme.send("/v1/ledger/events", Map.of("Accept", SSE), BodyHandlers.ofInputStream());
            open.add(one);
            full = one.statusCode() == 200 ? null : acme.get("/v1/ledger/events", Map.of("Accept", SSE));
        }
        Objects.requireNonNull(full, "no stream was refused");
        assertThat(full.status()).isEqualTo(503);
        assertThat(full.header("Retry-After")).isEqualTo("1");
        for (HttpResponse<InputStream> one : open) {
            one.body().close();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            LEDGER.fill("default", 1, "{}"); // writing to them is how the node finds out
            LEDGER.fill("acme", 1, "{}");
            return acme.get("/v1/ledger/export?to=1").status() == 200;
        });
    }

    @ParameterizedTest
    @CsvSource({
        "events?after=-1, 400, invalid-parameter",
        "events?after=99999999, 400, invalid-parameter",
        "events?after=x, 400, invalid-parameter",
        "events?limit=0, 400, invalid-parameter",
        "events?limit=201, 400, invalid-parameter",
        "events?type=plan.teleported, 400, invalid-parameter",
        "events?streamId=1, 400, invalid-parameter",
        "events?cursor=1, 400, unknown-parameter",
        "export?from=0, 400, invalid-parameter",
        "export?from=-7, 400, invalid-parameter",
        "export?from=99999999, 400, invalid-parameter",
        "export?from=9&to=7, 400, invalid-parameter",
        "export?to=99999999, 400, invalid-parameter",
        "export?to=99999999&content=SEALED, 400, invalid-parameter",
        "export?content=ALL, 400, invalid-parameter",
        "export?from=1.5, 400, invalid-parameter"
    })
    void what_is_not_there_is_refused(String question, int status, String code) {
        Answer answer = node.get("/v1/ledger/" + question);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().path("code").asString()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"x", "-1", "99999999", "1.5", "99999999999999999999"})
    void a_broken_resume_token_is_refused(String id) {
        for (String form : List.of(SSE, NDJSON, "application/json")) {
            Answer answer = node.get("/v1/ledger/events", Map.of("Accept", form, "Last-Event-ID", id));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().path("code").asString()).isEqualTo("invalid-parameter");
        }
    }

    @Test
    void an_export_is_ones_own_events_or_the_whole_tree() {
        String own = node.get("/v1/ledger/export?to=500").response().body();
        String sealed =
                node.get("/v1/ledger/export?to=500&content=SEALED").response().body();
        String hashes =
                node.get("/v1/ledger/export?to=500&content=HASHES").response().body();
        assertThat(own.lines()).hasSize(302).noneMatch(line -> line.contains("acme"));
        List<String> mixed = sealed.lines().toList();
        assertThat(mixed).hasSize(500);
        assertThat(mixed.stream().filter(line -> line.contains("payload")))
                .containsExactlyElementsOf(own.lines().toList());
        assertThat(hashes.lines()).hasSize(500);
        List<String> bare = hashes.lines().toList();
        for (int i = 0; i < 500; i++) {
            assertThat(bare.get(i)).startsWith("{\"position\":" + (i + 1) + ",\"leafHash\":\"");
            if (mixed.get(i).contains("leafHash")) {
                assertThat(mixed.get(i)).isEqualTo(bare.get(i));
            }
        }
    }

    @Test
    void an_export_goes_on_anywhere() {
        String whole = node.get("/v1/ledger/export?to=402").response().body();
        String first = node.get("/v1/ledger/export?to=250").response().body();
        String rest = node.get("/v1/ledger/export?from=251&to=402").response().body();
        assertThat(first + rest).isEqualTo(whole);
        assertThat(node.get("/v1/ledger/export?from=403&to=402").response().body())
                .isEmpty();
    }

    @Test
    void what_breaks_off_is_not_taken_for_whole() throws IOException {
        LEDGER.fill("other", 3000, "{\"much\":\"" + "x".repeat(8000) + "\"}");
        Node other = node.as(TestIssuer.shared().tokenOf("other", "o", "auditor"));
        HttpResponse<InputStream> export = other.send("/v1/ledger/export", Map.of(), BodyHandlers.ofInputStream());
        assertThat(export.body().read()).isEqualTo('{');
        LEDGER.execute("revoke select on ledger.event from ledger_query");
        try {
            assertThatThrownBy(() -> export.body().readAllBytes()).isInstanceOf(IOException.class);
        } finally {
            LEDGER.execute("grant select on ledger.event to ledger_query");
        }
    }

    private static List<Long> positions(JsonNode page) {
        return page.path("items")
                .valueStream()
                .map(item -> item.path("position").asLong())
                .toList();
    }
}
