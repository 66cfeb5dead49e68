package ledger.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;

/** An OpenID Connect issuer for tests: signs whatever is asked for. One for all tests of a JVM. */
public final class TestIssuer {

    public static final String AUDIENCE = "subscription-ledger";

    private static final TestIssuer SHARED = new TestIssuer();

    private final RSAKey key;
    private final KeyPair ed25519;
    private final String uri;

    private TestIssuer() {
        try {
            key = new RSAKeyGenerator(2048).keyID("test").generate();
            ed25519 = ed25519();
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            uri = "http://localhost:" + server.getAddress().getPort();
            serve(
                    server,
                    "/.well-known/openid-configuration",
                    "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\",\"subject_types_supported\":[\"public\"]}"
                            .formatted(uri, uri));
            serve(
                    server,
                    "/keys",
                    new JWKSet(List.of(key.toPublicJWK(), jwk("test-ed25519", ed25519.getPublic()))).toString());
            server.setExecutor(task -> Thread.ofVirtual().start(task));
            server.start(); // it ends with the JVM
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static TestIssuer shared() {
        return SHARED;
    }

    /** What LEDGER_ISSUER_URI is to be. */
    public String uri() {
        return uri;
    }

    public RSAKey key() {
        return key;
    }

    /** A token of the default tenant. */
    public String token(String subject, String... roles) {
        return sign(claims -> claims.subject(subject).claim("roles", List.of(roles)));
    }

    public String tokenOf(String tenant, String subject, String... roles) {
        return sign(claims -> claims.subject(subject).claim("tenant", tenant).claim("roles", List.of(roles)));
    }

    /** A token with claims beside, or instead of, those that make it good for five minutes. */
    public String sign(UnaryOperator<JWTClaimsSet.Builder> more) {
        return sign(key, JWSAlgorithm.RS256, more);
    }

    public String sign(RSAKey by, JWSAlgorithm algorithm, UnaryOperator<JWTClaimsSet.Builder> more) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(algorithm)
                            .keyID(by.getKeyID())
                            .type(JOSEObjectType.JWT)
                            .build(),
                    claims(more));
            token.sign(new RSASSASigner(by));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A token that is signed by the issuer's Ed25519 key, under either name of the algorithm. */
    public String signEd25519(JWSAlgorithm algorithm, UnaryOperator<JWTClaimsSet.Builder> more) {
        return signEd25519(ed25519, algorithm, more);
    }

    /** The same by a key of the caller's, that claims to be the issuer's. */
    public String signEd25519(KeyPair by, JWSAlgorithm algorithm, UnaryOperator<JWTClaimsSet.Builder> more) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(algorithm).keyID("test-ed25519").build(), claims(more));
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(by.getPrivate());
            signer.update(token.getSigningInput());
            return new String(token.getSigningInput(), UTF_8) + "." + Base64URL.encode(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static KeyPair ed25519() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The last 32 bytes of the encoded key are the key. */
    private static OctetKeyPair jwk(String id, PublicKey key) {
        byte[] encoded = key.getEncoded();
        byte[] raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(raw))
                .keyID(id)
                .keyUse(KeyUse.SIGNATURE)
                .build();
    }

    public JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> more) {
        Instant now = Instant.now();
        return more.apply(new JWTClaimsSet.Builder()
                        .issuer(uri)
                        .audience(AUDIENCE)
                        .subject("somebody")
                        .issueTime(Date.from(now.minus(Duration.ofHours(1))))
                        .expirationTime(Date.from(now.plus(Duration.ofHours(1)))))
                .build();
    }

    private static void serve(HttpServer server, String path, String json) {
        byte[] body = json.getBytes(UTF_8);
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }
}
