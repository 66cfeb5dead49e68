package ledger.http;

import static com.nimbusds.jose.JWSAlgorithm.EdDSA;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import ledger.testing.TestIssuer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Which tokens are taken, and as whom. */
@SpringBootTest(classes = {Shop.class, TokensTest.Mirror.class})
@AutoConfigureMockMvc
class TokensTest {

    private static final TestIssuer ISSUER = TestIssuer.shared();

    @Autowired
    MockMvcTester http;

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry settings) {
        settings.add("LEDGER_ISSUER_URI", ISSUER::uri);
    }

    @RestController
    static class Mirror {

        record Seen(
                String tenant,
                String actor,
                List<Role> roles,
                @Nullable String owner) {}

        @GetMapping("/v1/mirror")
        @Allowed({Role.CUSTOMER, Role.OPERATOR})
        Seen seen(Caller caller) {
            return new Seen(
                    caller.tenant().value(),
                    caller.actor(),
                    caller.roles().stream().sorted().toList(),
                    caller.owner() == null ? null : caller.owner().value());
        }
    }

    @Test
    void a_customer_acts_for_itself_and_an_operator_for_everybody() {
        assertThat(mirror(ISSUER.token("ann", "customer")))
                .hasStatusOk()
                .bodyJson()
                .isStrictlyEqualTo(
                        "{\"tenant\":\"default\",\"actor\":\"ann\",\"roles\":[\"CUSTOMER\"],\"owner\":\"ann\"}");
        assertThat(mirror(ISSUER.tokenOf("acme", "bot", "admin", "auditor", "unheard-of")))
                .hasStatusOk()
                .bodyJson()
                .isStrictlyEqualTo("{\"tenant\":\"acme\",\"actor\":\"bot\",\"roles\":[\"OPERATOR\"],\"owner\":null}");
        assertThat(mirror(ISSUER.token("ann", "customer", "auditor")))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.owner")
                .isEqualTo("ann");
    }

    @Test
    void without_a_token_one_is_asked_for() {
        assertThat(http.get().uri("/v1/mirror"))
                .hasStatus(401)
                .hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
                .hasHeader("WWW-Authenticate", "Bearer")
                .bodyJson()
                .extractingPath("$.code")
                .isEqualTo("unauthenticated");
    }

    @Test
    void roles_that_nobody_knows_give_no_rights() {
        for (String token : List.of(
                ISSUER.token("eve"),
                ISSUER.token("eve", "root", "ADMIN", "Customer"),
                ISSUER.sign(claims -> claims.claim("roles", "admin")),
                ISSUER.sign(claims -> claims.claim("roles", List.of(1, List.of("admin")))))) {
            assertThat(mirror(token))
                    .hasStatus(403)
                    .bodyJson()
                    .extractingPath("$.code")
                    .isEqualTo("forbidden");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void a_bad_token_is_refused_whatever_it_says(String what, String token) {
        assertThat(mirror(token))
                .hasStatus(401)
                .hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
                .hasHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                .bodyJson()
                .extractingPath("$.code")
                .isEqualTo("unauthenticated");
        assertThat(http.get().uri("/v1/orders").header("Authorization", "Bearer " + token))
                .hasStatus(401);
    }

    static Stream<Arguments> bad() throws JOSEException {
        String good = ISSUER.token("ann", "customer");
        String edwards = ISSUER.signEd25519(EdDSA, c -> c);
        String rsaSignature = good.substring(good.lastIndexOf('.') + 1);
        Instant now = Instant.now();
        var own = new RSAKeyGenerator(2048).keyID("test").generate();
        SignedJWT shared = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("test").build(), ISSUER.claims(c -> c));
        shared.sign(new MACSigner(ISSUER.key().toRSAPublicKey().getEncoded()));
        return Stream.of(
                Arguments.of("nothing", ""),
                Arguments.of("nonsense", "x.y.z"),
                Arguments.of("two words", good + " " + good),
                Arguments.of("without signature", good.substring(0, good.lastIndexOf('.') + 1)),
                Arguments.of("cut off", good.substring(0, good.length() - 4)),
                Arguments.of("changed", good.replace('.', 'x')),
                Arguments.of("alg none", new PlainJWT(ISSUER.claims(c -> c)).serialize()),
                Arguments.of("HS256 with the public key", shared.serialize()),
                Arguments.of("somebody else's key", ISSUER.sign(own, JWSAlgorithm.RS256, c -> c)),
                Arguments.of("EdDSA by somebody else's key", ISSUER.signEd25519(TestIssuer.ed25519(), EdDSA, c -> c)),
                Arguments.of("EdDSA for ever", ISSUER.signEd25519(EdDSA, c -> c.expirationTime(null))),
                Arguments.of("EdDSA with another's signature", edwards.replaceAll("[^.]+$", rsaSignature)),
                Arguments.of("EdDSA cut off", edwards.substring(0, edwards.length() - 4)),
                Arguments.of("Ed448", ISSUER.signEd25519(JWSAlgorithm.Ed448, c -> c)),
                Arguments.of("expired", ISSUER.sign(c -> c.expirationTime(Date.from(now.minusSeconds(31))))),
                Arguments.of("for ever", ISSUER.sign(c -> c.expirationTime(null))),
                Arguments.of("not yet", ISSUER.sign(c -> c.notBeforeTime(Date.from(now.plusSeconds(60))))),
                Arguments.of("wrong issuer", ISSUER.sign(c -> c.issuer("http://localhost:1"))),
                Arguments.of("no issuer", ISSUER.sign(c -> c.issuer(null))),
                Arguments.of("wrong audience", ISSUER.sign(c -> c.audience("another"))),
                Arguments.of("no audience", ISSUER.sign(c -> c.audience((String) null))),
                Arguments.of("no subject", ISSUER.sign(c -> c.subject(null))),
                Arguments.of("blank subject", ISSUER.sign(c -> c.subject(" "))),
                Arguments.of("a tenant that is none", ISSUER.sign(c -> c.claim("tenant", "No Tenant!"))),
                Arguments.of("a tenant that is no text", ISSUER.sign(c -> c.claim("tenant", 7))));
    }

    @Test
    void the_clocks_may_differ_by_half_a_minute() {
        Instant now = Instant.now();
        assertThat(mirror(ISSUER.sign(c -> c.claim("roles", List.of("customer"))
                        .expirationTime(Date.from(now.minus(Duration.ofSeconds(20)))))))
                .hasStatusOk();
    }

    @Test
    void the_other_asymmetric_algorithm_of_the_key_is_taken() {
        assertThat(mirror(ISSUER.sign(ISSUER.key(), JWSAlgorithm.PS256, c -> c.claim("roles", List.of("customer")))))
                .hasStatusOk();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EdDSA", "Ed25519"})
    void a_signature_by_an_Edwards_curve_is_taken_under_either_name(String algorithm) {
        assertThat(mirror(ISSUER.signEd25519(new JWSAlgorithm(algorithm), c -> c.claim("roles", List.of("customer")))))
                .hasStatusOk();
    }

    @Test
    void how_the_process_is_run_is_for_admins_and_whether_it_is_well_for_everybody() {
        assertThat(http.get().uri("/actuator/health"))
                .hasStatusOk()
                .bodyText()
                .contains("UP")
                .doesNotContain("details");
        assertThat(http.get().uri("/actuator")).hasStatus(401);
        assertThat(http.get().uri("/actuator").header("Authorization", "Bearer " + ISSUER.token("o", "operator")))
                .hasStatus(403);
        assertThat(http.get().uri("/actuator").header("Authorization", "Bearer " + ISSUER.token("a", "admin")))
                .hasStatusOk();
    }

    @Test
    void an_endpoint_that_does_not_say_who_may_call_it_is_refused_at_start_up() {
        assertThat(startWith(Careless.class, "--LEDGER_ISSUER_URI=" + ISSUER.uri()))
                .hasMessageContaining("@Allowed")
                .hasMessageContaining("Careless");
    }

    @Test
    void without_an_issuer_nothing_starts() {
        assertThat(startWith(Shop.class)).rootCause().hasMessageContaining("LEDGER_ISSUER_URI must name");
    }

    @Import(Shop.class)
    @RestController
    static class Careless {
        @GetMapping("/v1/careless")
        String open() {
            return "everybody";
        }
    }

    private static @Nullable Throwable startWith(Class<?> application, String... settings) {
        String[] all =
                Stream.concat(Stream.of("--server.port=0"), Stream.of(settings)).toArray(String[]::new);
        try (var started = new SpringApplicationBuilder(application).run(all)) {
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private MvcTestResult mirror(String token) {
        return http.get()
                .uri("/v1/mirror")
                .header("Authorization", "Bearer " + token)
                .exchange();
    }
}
