package ledger.http;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;

/** Whose tokens are good here: those that {@code issuerUri} signed for this {@code audience}. */
@ConfigurationProperties("ledger.identity")
public record Identity(@Nullable String issuerUri, String audience) {

    static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    /** Asymmetric ones only, and {@link Ed25519}: with a shared secret whoever checks a token could make one. */
    private static final Set<SignatureAlgorithm> ALGORITHMS = Set.of(
            SignatureAlgorithm.RS256,
            SignatureAlgorithm.RS384,
            SignatureAlgorithm.RS512,
            SignatureAlgorithm.PS256,
            SignatureAlgorithm.PS384,
            SignatureAlgorithm.PS512,
            SignatureAlgorithm.ES256,
            SignatureAlgorithm.ES384,
            SignatureAlgorithm.ES512);

    /** For the issuer that the settings name; it is asked for its keys with the first token, and need not be up before. */
    JwtDecoder named() {
        if (issuerUri == null || issuerUri.isBlank()) {
            throw new IllegalStateException(
                    "LEDGER_ISSUER_URI must name the OpenID Connect issuer whose tokens are good here,"
                            + " such as https://login.example.com/realms/ledger");
        }
        return new SupplierJwtDecoder(() -> {
            NimbusJwtDecoder decoder = NimbusJwtDecoder.withIssuerLocation(issuerUri)
                    .validateType(false)
                    .jwsAlgorithms(accepted -> accepted.addAll(ALGORITHMS))
                    .jwtProcessorCustomizer(Ed25519::accept)
                    .build();
            decoder.setJwtValidator(validator(issuerUri));
            return decoder;
        });
    }

    /** For an issuer whose keys are at hand. */
    public JwtDecoder of(String issuer, JWKSource<SecurityContext> keys) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSource(keys)
                .jwsAlgorithms(accepted -> accepted.addAll(ALGORITHMS))
                .build();
        decoder.setJwtValidator(validator(issuer));
        return decoder;
    }

    private OAuth2TokenValidator<Jwt> validator(String issuer) {
        JwtTimestampValidator times = new JwtTimestampValidator(CLOCK_SKEW);
        times.setAllowEmptyExpiryClaim(false);
        return new DelegatingOAuth2TokenValidator<>(
                times,
                new JwtIssuerValidator(issuer),
                new JwtClaimValidator<List<String>>(
                        JwtClaimNames.AUD, named -> named != null && named.contains(audience)));
    }
}
