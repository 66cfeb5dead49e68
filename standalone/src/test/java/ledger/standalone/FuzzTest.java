package ledger.standalone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ledger.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that are wrong in one place or another, to every endpoint that the description names. The server fails at none of
 * them, and tells none of its insides. More of them with {@code -Dfuzz.requests=100000}, the same ones with {@code -Dfuzz.seed=…}.
 */
class FuzzTest {

    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 4000);
    private static final int AT_ONCE = 8;
    private static final int HUNG_UP = 499;

    /** What may be said of a request that waits for a position which the ledger has not reached. */
    private static final String BEHIND = "\"code\":\"view-behind\"";

    private record Answer(int status, String text, String request) {

        boolean isFailure() {
            return status < 200 || (status >= 500 && !text.contains(BEHIND));
        }

        boolean tellsItsInsides() {
            return text.contains("Exception") || text.contains("\tat ") || text.contains("org.postgresql");
        }
    }

    private static RunningLedger ledger;

    @BeforeAll
    static void start() {
        ledger = RunningLedger.on(TestDatabase.create());
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    @Test
    void nothingThatAClientCanSendMakesTheServerFail() throws Exception {
        System.out.println("fuzz.seed=" + SEED);
        Client admin = new Client(ledger.url(), ledger.token());
        Fuzz fuzz = new Fuzz(SEED, admin.get("/v3/api-docs").body(), known(admin), ledger.token());
        List<Answer> answers = all(fuzz);
        Map<Integer, Long> statuses = answers.stream().collect(groupingBy(Answer::status, TreeMap::new, counting()));
        System.out.println(REQUESTS + " requests to " + fuzz.endpoints() + " endpoints were answered " + statuses);
        assertThat(answers).filteredOn(Answer::isFailure).isEmpty();
        assertThat(answers).filteredOn(Answer::tellsItsInsides).isEmpty();
        assertThat(admin.get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(answers)
                .as("some are right, or none would reach what lies behind the first check")
                .filteredOn(answer -> answer.status < 300)
                .hasSizeGreaterThan(REQUESTS / 50);
    }

    /** Each once made it fail. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/plans?a%7Fb=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 41\r\n\r\n{\"email\":\"a\\u0000@b.c\",\"password\":\"none\"}",
                "POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Basic KzpzZWNyZXQ=\r\n\r\n",
                "POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Basic JTAwOng=\r\n\r\n"
            })
    void whatItOnceFailedAtIsTheClientsFault(String request) throws IOException {
        assertThat(send(request.getBytes(ISO_8859_1)).status)
                .isBetween(400, 499)
                .isNotEqualTo(HUNG_UP);
    }

    /** Ids and names of things that exist. */
    private static List<String> known(Client admin) {
        Client.Answer sold = admin.post("/v1/plans", """
                {"slug": "pro", "product": "app", "name": "Pro", "prices": [{"term": {"every": 1, "unit": "MONTH"},
                    "amount": {"amount": 1900, "currency": "USD"}, "per": "UNIT"}],
                 "limits": [{"metric": "calls", "max": 10000, "kind": "PER_PERIOD", "mode": "HARD"}]}""");
        assertThat(sold.status()).isEqualTo(201);
        String id = admin.post("/v1/subscriptions", """
                        {"customerId": "ann", "plan": "pro", "term": {"every": 1, "unit": "MONTH"}}""").text("subscriptionId");
        assertThat(id).isNotEmpty();
        return List.of(id, id, "pro", "app", "ann", "calls", "1", "MONTH", "NOW", "subscription");
    }

    private static List<Answer> all(Fuzz fuzz) throws Exception {
        List<Callable<Answer>> requests = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            byte[] request = fuzz.next();
            requests.add(() -> send(request));
        }
        List<Answer> answers = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<Answer> answer : threads.invokeAll(requests)) {
                answers.add(answer.get());
            }
        }
        return answers;
    }

    private static Answer send(byte[] request) throws IOException {
        String asked = new String(request, 0, Math.min(request.length, 2000), ISO_8859_1);
        int port = URI.create(ledger.url()).getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            StringBuilder answer = new StringBuilder();
            for (int read = in.read(); read >= 0 && !isEnough(answer); read = in.read()) {
                answer.append((char) read);
            }
            int status = answer.toString().startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
            return new Answer(status, answer.toString(), asked);
        } catch (SocketTimeoutException e) {
            return new Answer(0, "was not answered", asked);
        } catch (SocketException e) {
            return new Answer(HUNG_UP, "the server did not read all of what it refused", asked);
        }
    }

    /** A stream of events goes on for ever. */
    private static boolean isEnough(StringBuilder answer) {
        return answer.length() > 4000
                || (answer.indexOf("\r\n\r\n") > 0 && answer.indexOf("Content-Type: text/event-stream") > 0);
    }
}
