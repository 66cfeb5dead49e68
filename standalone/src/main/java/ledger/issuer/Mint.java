package ledger.issuer;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import ledger.api.TenantId;
import ledger.http.Role;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;

/** Makes access tokens, all of one form: who, of which tenant, with which roles, for whom to take, and how long. */
final class Mint {

    static final Duration OF_CUSTOMERS = Duration.ofMinutes(15);
    static final Duration OF_CLIENTS = Duration.ofHours(1);

    /** No token is good for longer. */
    static final Duration LONGEST = OF_CLIENTS;

    /** What may be done with one, as OAuth 2.0 answers it. */
    record Token(String accessToken, String tokenType, long expiresIn) {}

    private final JwtEncoder encoder;
    private final String issuer;
    private final String audience;

    Mint(JwtEncoder encoder, String issuer, String audience) {
        this.encoder = encoder;
        this.issuer = issuer;
        this.audience = audience;
    }

    Token token(String subject, TenantId tenant, Collection<Role> roles, Duration goodFor) {
        Instant now = Instant.now();
        JwtClaimsSet.Builder claims = JwtClaimsSet.builder()
                .id(UUID.randomUUID().toString())
                .issuer(issuer)
                .subject(subject)
                .issuedAt(now)
                .expiresAt(now.plus(goodFor));
        claim(claims, tenant, roles.stream().map(Role::claim).toList());
        JwsHeader header =
                JwsHeader.with(SignatureAlgorithm.RS256).type("at+jwt").build();
        String token = encoder.encode(JwtEncoderParameters.from(header, claims.build()))
                .getTokenValue();
        return new Token(token, "Bearer", goodFor.toSeconds());
    }

    void claim(JwtClaimsSet.Builder claims, TenantId tenant, List<String> roles) {
        claims.audience(List.of(audience)).claim("tenant", tenant.value()).claim("roles", roles);
    }
}
