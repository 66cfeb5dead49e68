package ledger.standalone;

import static com.nimbusds.jose.JWSAlgorithm.EdDSA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import ledger.testing.TestDatabase;
import ledger.testing.TestIssuer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;

/** The process that a user starts: what it says, what it answers, and that it leaves nothing behind. */
class ServeTest {

    @Test
    void answersOnADatabaseOfItsOwnAndStopsItWhenItIsTerminated(@TempDir Path data) throws Exception {
        int port = freePort();
        Process ledger = start(data, port);
        try {
            assertThat(untilReady(ledger)).anyMatch(line -> line.contains("http://localhost:" + port));
            assertThat(status(port, "/actuator/health/readiness")).isEqualTo(200);
            assertThat(status(port, "/v1/subscriptions")).as("the query side").isEqualTo(401);
            assertThat(status(port, "/v1/admin/clock")).as("the command side").isEqualTo(401);
            assertThat(status(port, "/v3/api-docs")).isEqualTo(200);
            assertThat(Files.getPosixFilePermissions(data.resolve("admin-client.json")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));

            Process second = start(data, freePort());
            assertThat(second.waitFor()).isEqualTo(1);
            assertThat(said(second)).contains("in use by process " + ledger.pid());
        } finally {
            ledger.destroy();
            assertThat(ledger.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(data.resolve("postgres/data/postmaster.pid")).doesNotExist();
    }

    @Test
    void saysInOneLineThatItsPortIsTaken(@TempDir Path data) throws Exception {
        try (ServerSocket somebody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process ledger = start(data, somebody.getLocalPort());
            assertThat(ledger.waitFor()).isEqualTo(1);
            assertThat(said(ledger).lines())
                    .singleElement()
                    .asString()
                    .contains("cannot listen on port " + somebody.getLocalPort())
                    .contains("LEDGER_PORT");
        }
        assertThat(data.resolve("postgres")).doesNotExist();
    }

    @Test
    void speaksTlsTrustsAnotherIssuerAndSharesARedisWhereItIsTold(@TempDir Path data) throws Exception {
        TestDatabase database = TestDatabase.create();
        TestIssuer issuer = TestIssuer.shared();
        RedisServer redis = new RedisServer(freePort());
        redis.start();
        int port = freePort();
        KeyStore.PrivateKeyEntry identity = selfSigned(data);
        Process ledger = start(
                data,
                port,
                Map.of(
                        "LEDGER_DATABASE_URL", database.url(),
                        "LEDGER_DATABASE_USER", database.user(),
                        "LEDGER_DATABASE_PASSWORD", database.password(),
                        "LEDGER_ISSUER_URI", issuer.uri(),
                        "LEDGER_REDIS_URL", "redis://localhost:" + redis.ports().getFirst(),
                        "SERVER_SSL_CERTIFICATE",
                                "file:"
                                        + pem(
                                                data.resolve("cert.pem"),
                                                "CERTIFICATE",
                                                identity.getCertificate().getEncoded()),
                        "SERVER_SSL_CERTIFICATE_PRIVATE_KEY",
                                "file:"
                                        + pem(
                                                data.resolve("key.pem"),
                                                "PRIVATE KEY",
                                                identity.getPrivateKey().getEncoded())));
        String url = "https://localhost:" + port;
        try (HttpClient trusting = HttpClient.newBuilder()
                        .sslContext(trusting(identity.getCertificate()))
                        .build();
                RedisClient shared =
                        RedisClient.create("redis://localhost:" + redis.ports().getFirst())) {
            assertThat(untilReady(ledger)).anyMatch(line -> line.contains(url));
            Client nobody = new Client(url, null, trusting);
            Client.Answer ready = nobody.get("/actuator/health/readiness");
            assertThat(ready.status()).isEqualTo(200);
            assertThat(ready.header("Strict-Transport-Security")).isEqualTo("max-age=31536000");
            assertThat(nobody.get("/oauth2/jwks").status())
                    .as("it is no issuer")
                    .isEqualTo(404);
            assertThat(data.resolve("admin-client.json")).doesNotExist();

            Client admin = nobody.as(issuer.token("root", "admin"));
            admin.post("/v1/plans", """
                    {"slug": "pro", "name": "Pro", "prices": [{"term": {"every": 1, "unit": "MONTH"},
                        "amount": {"amount": 1900, "currency": "USD"}, "per": "FLAT"}]}""");
            Client ann = nobody.as(
                    issuer.signEd25519(EdDSA, claims -> claims.subject("ann").claim("roles", List.of("customer"))));
            Client.Answer subscribed =
                    ann.post("/v1/subscriptions", "{\"plan\": \"pro\", \"term\": {\"every\": 1, \"unit\": \"MONTH\"}}");
            assertThat(subscribed.status()).isEqualTo(201);
            assertThat(ann.send(
                                    "GET",
                                    "/v1/customers/ann/access",
                                    "",
                                    "Ledger-Position",
                                    subscribed.header("Ledger-Position"))
                            .text("reason"))
                    .isEqualTo("GRANTED");
            RedisCommands<String, String> seen = shared.connect().sync();
            await().until(() -> ann.get("/v1/customers/ann/access").status() == 200
                    && seen.exists("ledger:access:default:ann") == 1);
        } finally {
            ledger.destroy();
            assertThat(ledger.waitFor(1, TimeUnit.MINUTES)).isTrue();
            redis.stop();
        }
    }

    private static KeyStore.PrivateKeyEntry selfSigned(Path directory) throws Exception {
        Path file = directory.resolve("keys.p12");
        char[] password = "changeit".toCharArray();
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "ledger",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(password))
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(file.toFile(), password);
        return (KeyStore.PrivateKeyEntry) keys.getEntry("ledger", new KeyStore.PasswordProtection(password));
    }

    private static Path pem(Path file, String what, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, base64, what));
    }

    private static SSLContext trusting(Certificate certificate) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ledger", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    static Process start(Path data, int port) throws IOException {
        return start(data, port, Map.of());
    }

    static Process start(Path data, int port, Map<String, String> settings) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Daxoniq.update-checker.disabled=true",
                "-cp",
                System.getProperty("java.class.path"),
                Standalone.class.getName());
        builder.environment().put("LEDGER_DATA", data.toString());
        builder.environment().put("LEDGER_PORT", Integer.toString(port));
        builder.environment().remove("LEDGER_DATABASE_URL");
        builder.environment().putAll(settings);
        return builder.start();
    }

    static List<String> untilReady(Process ledger) {
        return new BufferedReader(new InputStreamReader(ledger.getInputStream(), StandardCharsets.UTF_8))
                .lines()
                .takeWhile(line -> !line.contains("Ctrl-C"))
                .toList();
    }

    private static String said(Process ledger) throws IOException {
        return new String(ledger.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static int status(int port, String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://localhost:" + port + path);
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
