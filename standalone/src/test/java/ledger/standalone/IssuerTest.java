package ledger.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import ledger.issuer.AdminClient;
import ledger.standalone.Client.Answer;
import ledger.testing.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Customers who register and log in, machines that ask for tokens, and the keys behind both. */
class IssuerTest {

    private static final String PASSWORD = "correct horse";

    private static RunningLedger ledger;
    private static Client nobody;
    private static Client admin;

    @BeforeAll
    static void start() {
        ledger = RunningLedger.shared();
        nobody = new Client(ledger.url(), null);
        admin = nobody.as(ledger.token());
        admin.post("/v1/plans", """
                {"slug": "solo", "name": "Solo", "prices": [{"term": {"every": 1, "unit": "MONTH"},
                    "amount": {"amount": 1900, "currency": "USD"}, "per": "FLAT"}]}
                """);
    }

    @Test
    void aCustomerRegistersLogsInAndSubscribes() {
        Answer registered = nobody.post("/v1/accounts", login(" Ann@Example.com ", PASSWORD));
        assertThat(registered.status()).isEqualTo(201);
        String customer = registered.text("customerId");
        Answer session = nobody.post("/v1/sessions", login("ann@example.com", PASSWORD));
        assertThat(session.status()).isEqualTo(200);
        assertThat(session.text("tokenType")).isEqualTo("Bearer");
        assertThat(session.body().path("expiresIn").asInt()).isEqualTo(900);

        Client ann = nobody.as(session.text("accessToken"));
        Answer subscribed =
                ann.post("/v1/subscriptions", "{\"plan\": \"solo\", \"term\": {\"every\": 1, \"unit\": \"MONTH\"}}");
        assertThat(subscribed.status()).isEqualTo(201);
        assertThat(subscribed.text("customerId")).isEqualTo(customer);
        assertThat(ann.send(
                                "GET",
                                "/v1/subscriptions/" + subscribed.text("subscriptionId"),
                                "",
                                "Ledger-Position",
                                subscribed
                                        .response()
                                        .headers()
                                        .firstValue("Ledger-Position")
                                        .orElseThrow())
                        .status())
                .isEqualTo(200);
        List<String> stored = JdbcClient.create(RunningLedger.sharedDatabase().dataSource())
                .sql("select payload::text || metadata::text from ledger.event")
                .query((row, _) -> String.valueOf(row.getString(1)))
                .list();
        assertThat(stored).isNotEmpty().noneMatch(text -> text.toLowerCase().contains("example.com"));
    }

    @Test
    void whatIsSentAgainWithItsKeyIsAnsweredAgain() {
        String account = login("twice@example.com", PASSWORD);
        Answer registered = nobody.send("POST", "/v1/accounts", account, "Idempotency-Key", "twice");
        assertThat(registered.status()).isEqualTo(201);
        assertSame(registered, nobody.send("POST", "/v1/accounts", account, "Idempotency-Key", "twice"));
        assertReused(nobody.send(
                "POST", "/v1/accounts", login("twice@example.com", PASSWORD + "!"), "Idempotency-Key", "twice"));
        assertThat(nobody.send("POST", "/v1/accounts", account, "Idempotency-Key", "thrice")
                        .text("code"))
                .isEqualTo("email-taken");

        String refresh = "{\"refreshToken\": \"%s\"}"
                .formatted(nobody.post("/v1/sessions", account).text("refreshToken"));
        Answer refreshed = nobody.send("POST", "/v1/sessions/refresh", refresh, "Idempotency-Key", "refresh");
        assertThat(refreshed.status()).isEqualTo(200);
        assertSame(refreshed, nobody.send("POST", "/v1/sessions/refresh", refresh, "Idempotency-Key", "refresh"));
        assertThat(nobody.send("POST", "/v1/sessions/refresh", refresh, "Idempotency-Key", "another")
                        .text("code"))
                .isEqualTo("wrong-credentials");
        String descendant = "{\"refreshToken\": \"%s\"}".formatted(refreshed.text("refreshToken"));
        assertThat(nobody.post("/v1/sessions/refresh", descendant).text("code"))
                .as("the one that came a second time has ended all of them")
                .isEqualTo("wrong-credentials");

        String client = "{\"clientId\": \"twice\", \"roles\": [\"operator\"]}";
        Answer created = admin.send("POST", "/v1/admin/clients", client, "Idempotency-Key", "client");
        assertThat(created.status()).isEqualTo(201);
        assertSame(created, admin.send("POST", "/v1/admin/clients", client, "Idempotency-Key", "client"));
        Answer key = admin.send("POST", "/v1/admin/signing-keys", "", "Idempotency-Key", "rotation");
        assertSame(key, admin.send("POST", "/v1/admin/signing-keys", "", "Idempotency-Key", "rotation"));
        assertThat(JdbcClient.create(RunningLedger.sharedDatabase().dataSource())
                        .sql("select encode(id, 'escape') || encode(sealed, 'escape') from accounts.answer")
                        .query(String.class)
                        .list())
                .hasSizeGreaterThanOrEqualTo(4)
                .noneMatch(kept -> kept.contains(created.text("clientSecret")) || kept.contains("twice"));
    }

    private static void assertSame(Answer first, Answer again) {
        assertThat(again.status()).isEqualTo(first.status());
        assertThat(again.body()).isEqualTo(first.body());
    }

    private static void assertReused(Answer answer) {
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text("code")).isEqualTo("idempotency-key-reused");
    }

    @Test
    void everyRequestThatDoesSomethingHasAKeyOfTheRightForm() {
        for (String path : List.of("/v1/accounts", "/v1/admin/clock/advance", "/v1/admin/deadlines/check")) {
            Answer refused = admin.send("POST", path, "{}", "Idempotency-Key", "k".repeat(256));
            assertThat(refused.text("code")).as(path).isEqualTo("invalid-parameter");
        }
    }

    @Test
    void anAddressIsTakenOnce() {
        assertThat(nobody.post("/v1/accounts", login("bob@example.com", PASSWORD))
                        .status())
                .isEqualTo(201);
        assertThat(nobody.post("/v1/accounts", login("BOB@example.com", "another password"))
                        .text("code"))
                .isEqualTo("email-taken");
    }

    @ParameterizedTest
    @CsvSource({
        "no-address, correct horse, /email",
        "a@b c, correct horse, /email",
        "@b, correct horse, /email",
        "c@example.com, short, /password",
        "c@example.com, 0123456789012345678901234567890123456789012345678901234567890123456789012, /password",
        "c@example.com, ӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕӕ, /password"
    })
    void whatIsNoAddressOrPasswordIsRefused(String email, String password, String pointer) {
        Answer refused = nobody.post("/v1/accounts", login(email, password));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().path("errors").path(0).path("pointer").asString())
                .isEqualTo(pointer);
        assertThat(refused.response().body()).doesNotContain(password);
    }

    @Test
    void aWrongPasswordIsAnsweredLikeAnUnknownAddressAndGuessingIsSlow() {
        nobody.post("/v1/accounts", login("dora@example.com", PASSWORD));
        Answer wrong = nobody.post("/v1/sessions", login("dora@example.com", "wrong password"));
        Answer unknown = nobody.post("/v1/sessions", login("unknown@example.com", "wrong password"));
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.body()).isEqualTo(unknown.body());
        for (int i = 0; i < 9; i++) {
            assertThat(nobody.post("/v1/sessions", login("dora@example.com", "guess number " + i))
                            .status())
                    .isEqualTo(401);
        }
        Answer limited = nobody.post("/v1/sessions", login("dora@example.com", PASSWORD));
        assertThat(limited.status()).as("even the right one").isEqualTo(429);
        assertThat(limited.text("code")).isEqualTo("rate-limited");
        assertThat(limited.header("RateLimit-Policy")).isEqualTo("\"logins\";q=10;w=600");
        assertThat(limited.header("RateLimit")).startsWith("\"logins\";r=0;t=");
        assertThat(Integer.parseInt(limited.header("Retry-After"))).isBetween(1, 60);
    }

    @Test
    void aRefreshTokenIsGoodOnceAndOneThatComesTwiceEndsItsFamily() {
        nobody.post("/v1/accounts", login("emil@example.com", PASSWORD));
        String first =
                nobody.post("/v1/sessions", login("emil@example.com", PASSWORD)).text("refreshToken");
        String other =
                nobody.post("/v1/sessions", login("emil@example.com", PASSWORD)).text("refreshToken");
        Answer renewed = refresh(first);
        assertThat(renewed.status()).isEqualTo(200);
        assertThat(nobody.as(renewed.text("accessToken"))
                        .get("/v1/subscriptions")
                        .status())
                .isEqualTo(200);
        assertThat(refresh(first).status()).isEqualTo(401);
        assertThat(refresh(renewed.text("refreshToken")).status()).isEqualTo(401);
        assertThat(refresh(other).status()).as("another login").isEqualTo(200);
        assertThat(refresh("made-up").text("code")).isEqualTo("wrong-credentials");
    }

    @Test
    void aMachineGetsATokenByTheStandard() throws Exception {
        Answer created = admin.post(
                "/v1/admin/clients", "{\"clientId\": \"biller\", \"roles\": [\"operator\"], \"tenant\": \"acme\"}");
        assertThat(created.status()).isEqualTo(201);
        String secret = created.text("clientSecret");
        Answer token = client("biller", secret).post("/oauth2/token", "grant_type=client_credentials");
        assertThat(token.status()).isEqualTo(200);
        assertThat(token.text("token_type")).isEqualTo("Bearer");
        JsonNode claims = claims(token.text("access_token"));
        assertThat(claims.path("sub").asString()).isEqualTo("biller");
        assertThat(claims.path("tenant").asString()).isEqualTo("acme");
        assertThat(claims.path("roles").toString()).isEqualTo("[\"operator\"]");
        Client biller = nobody.as(token.text("access_token"));
        assertThat(biller.get("/v1/subscriptions").status()).isEqualTo(200);
        assertThat(biller.get("/v1/plans/solo").status())
                .as("of another tenant")
                .isEqualTo(404);

        assertThat(token.header("Cache-Control")).isEqualTo("no-store");
        for (Client wrong : new Client[] {client("biller", "wrong"), client("no-biller", secret), nobody}) {
            Answer refused = wrong.post("/oauth2/token", "grant_type=client_credentials");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.text("error")).isEqualTo("invalid_client");
            assertThat(refused.header("WWW-Authenticate")).startsWith("Basic ");
        }
        assertThat(client("biller", secret)
                        .post("/oauth2/token", "grant_type=password&username=a&password=b")
                        .status())
                .isEqualTo(400);
        assertThat(admin.post("/v1/admin/clients", "{\"clientId\": \"biller\", \"roles\": []}")
                        .text("code"))
                .isEqualTo("client-exists");
        assertThat(admin.post("/v1/admin/clients", "{\"clientId\": \"x\", \"roles\": [\"root\"]}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void whoGuessesSecretsIsTurnedAwayAndNobodyElseIs() {
        String secret = admin.post("/v1/admin/clients", "{\"clientId\": \"honest\", \"roles\": [\"auditor\"]}")
                .text("clientSecret");
        Client honest = client("honest", secret);
        int before = remaining(askForToken(honest));
        Client guesser = client("no-such-client", "guess").from("127.0.0.2");
        Answer refused = untilTurnedAway(() -> askForToken(guesser));
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        assertThat(refused.text("code")).isEqualTo("rate-limited");
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"failed-clients\";q=100;w=600");
        assertThat(refused.header("RateLimit")).startsWith("\"failed-clients\";r=0;t=");
        assertThat(nobody.from("127.0.0.2").get("/oauth2/jwks").status())
                .as("keys are for everybody")
                .isEqualTo(200);
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 6);
        await("the right secret from there too").until(() -> {
            askForToken(guesser);
            return askForToken(honest.from("127.0.0.2")).status() == 429;
        });
        assertThat(remaining(askForToken(honest)))
                .as("what is granted is not counted")
                .isGreaterThanOrEqualTo(before);
    }

    @Test
    void whoTriesOnePasswordOnManyAccountsIsTurnedAway() {
        Client sprayer = nobody.from("127.0.0.3");
        AtomicInteger victims = new AtomicInteger();
        Answer refused = untilTurnedAway(() -> sprayer.post(
                "/v1/sessions", login("victim-" + victims.incrementAndGet() + "@example.com", "password1")));
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"failed-logins\";q=100;w=600");
        nobody.post("/v1/accounts", login("fay@example.com", PASSWORD));
        assertThat(nobody.post("/v1/sessions", login("fay@example.com", PASSWORD))
                        .status())
                .isEqualTo(200);
    }

    /** Sends it until it is refused as one too many, after a hundred and what ten minutes' hundred give back meanwhile. */
    private static Answer untilTurnedAway(Supplier<Answer> request) {
        long begin = System.nanoTime();
        Answer answer = request.get();
        int sent = 1;
        while (answer.status() == 401) {
            answer = request.get();
            sent++;
        }
        long given = 1 + Duration.ofNanos(System.nanoTime() - begin).toSeconds() / 6;
        assertThat(answer.status()).isEqualTo(429);
        assertThat(sent - 1L).isBetween(100L, 100 + given);
        return answer;
    }

    private static Answer askForToken(Client client) {
        return client.post("/oauth2/token", "grant_type=client_credentials");
    }

    private static int remaining(Answer answer) {
        return Integer.parseInt(answer.header("RateLimit").replaceAll(".*;r=(\\d+);.*", "$1"));
    }

    @Test
    void anAdminOfATenantKeepsToIt() {
        Client theirs = nobody.as(ledger.token("--role", "admin", "--tenant", "acme"));
        assertThat(theirs.post(
                                "/v1/admin/clients",
                                "{\"clientId\": \"mole\", \"roles\": [\"admin\"], \"tenant\": \"default\"}")
                        .status())
                .isEqualTo(403);
        assertThat(theirs.post("/v1/admin/tokens", "{\"roles\": [\"admin\"], \"tenant\": \"other\"}")
                        .status())
                .isEqualTo(403);
        assertThat(theirs.post("/v1/admin/signing-keys", "").status()).isEqualTo(403);
        assertThat(theirs.post("/v1/admin/clients", "{\"clientId\": \"own\", \"roles\": [\"auditor\"]}")
                        .text("tenant"))
                .isEqualTo("acme");
        assertThat(admin.send("DELETE", "/v1/admin/clients/own", "").status()).isEqualTo(404);
        assertThat(theirs.send("DELETE", "/v1/admin/clients/own", "").status()).isEqualTo(204);
    }

    @Test
    void theIssuerDescribesItselfAndShowsNoPrivateKey() {
        JsonNode described = nobody.get("/.well-known/openid-configuration").body();
        assertThat(described.path("token_endpoint").asString()).endsWith("/oauth2/token");
        assertThat(described.path("jwks_uri").asString()).endsWith("/oauth2/jwks");
        JsonNode keys = nobody.get("/oauth2/jwks").body().path("keys");
        assertThat(keys.isEmpty()).isFalse();
        keys.forEach(key -> assertThat(key.propertyNames()).doesNotContain("d", "p", "q"));
    }

    @Test
    void aRotatedKeyStaysGoodForWhatItSigned() {
        String before = ledger.token("--role", "auditor");
        Answer rotated = admin.post("/v1/admin/signing-keys", "");
        assertThat(rotated.status()).isEqualTo(201);
        String after = ledger.token("--role", "operator");
        assertThat(kid(after)).isEqualTo(rotated.text("kid")).isNotEqualTo(kid(before));
        assertThat(nobody.as(before).get("/v1/statistics").status()).isEqualTo(200);
        assertThat(nobody.as(after).get("/v1/statistics").status()).isEqualTo(200);
    }

    @Test
    void keysAndTheAdminClientSurviveARestart(@TempDir Path data) throws Exception {
        TestDatabase own = TestDatabase.create();
        String token;
        byte[] file;
        try (RunningLedger first = RunningLedger.on(own, data)) {
            token = first.token();
            file = Files.readAllBytes(AdminClient.in(data));
        }
        try (RunningLedger second = RunningLedger.on(own, data)) {
            assertThat(new Client(second.url(), token).get("/v1/admin/clock").status())
                    .isEqualTo(200);
            assertThat(Files.readAllBytes(AdminClient.in(data))).isEqualTo(file);
            assertThat(second.token()).isNotBlank();
        }
        try (RunningLedger elsewhere = RunningLedger.on(TestDatabase.create(), data)) {
            assertThat(elsewhere.token())
                    .as("a new database knows the old file")
                    .isNotBlank();
        }
    }

    private static Answer refresh(String token) {
        return nobody.post("/v1/sessions/refresh", "{\"refreshToken\": \"" + token + "\"}");
    }

    private static Client client(String id, String secret) {
        return nobody.as(
                "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8)));
    }

    private static JsonNode claims(String token) {
        return part(token, 1);
    }

    private static String kid(String token) {
        return part(token, 0).path("kid").asString();
    }

    private static JsonNode part(String token, int number) {
        return new tools.jackson.databind.json.JsonMapper()
                .readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[number]));
    }

    private static String login(String email, String password) {
        return "{\"email\": \"" + email + "\", \"password\": \"" + password + "\"}";
    }
}
