package ledger.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Expiry;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import ledger.api.CustomerId;
import ledger.api.TenantId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/**
 * Tells who calls by the token that comes with the request. What was verified is remembered for a minute at most and never
 * beyond the token's end: to check a signature costs more than to decide many a command.
 */
final class Tokens implements AuthenticationManagerResolver<HttpServletRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final String SCHEME = "Bearer";
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    private final JwtDecoder decoder;
    private final Cache<String, Verified> verified = Caches.builder()
            .maximumSize(20_000)
            .expireAfter(Expiry.<String, Verified>creating((_, token) -> token.goodFor()))
            .build();

    Tokens(JwtDecoder decoder) {
        this.decoder = decoder;
    }

    /** Whether the request says who sends it, by whatever token. */
    static boolean areSent(HttpServletRequest request) {
        return request.getHeader(HttpHeaders.AUTHORIZATION) != null;
    }

    /**
     * The token of the request's header, and of no other place. What it consists of is looked at when it is verified, and not
     * with each request.
     */
    static @Nullable String presented(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        String token = header.substring(SCHEME.length());
        if (!token.startsWith(" ") || token.isBlank()) {
            throw new InvalidBearerTokenException("there is no token");
        }
        return token.strip();
    }

    @Override
    public AuthenticationManager resolve(HttpServletRequest request) {
        return this::authenticate;
    }

    private Authentication authenticate(Authentication presented) {
        String token = ((BearerTokenAuthenticationToken) presented).getToken();
        return Objects.requireNonNull(verified.get(token, this::verify));
    }

    private Verified verify(String token) {
        try {
            Jwt jwt = decoder.decode(token);
            return new Verified(caller(jwt), Objects.requireNonNull(jwt.getExpiresAt()));
        } catch (BadJwtException | IllegalArgumentException e) {
            LOG.debug("A token is refused: {}", e.getMessage());
            throw new InvalidBearerTokenException("the token is not valid here", e);
        } catch (JwtException | JwtDecoderInitializationException e) {
            LOG.warn("The issuer's keys cannot be read: {}", e.getMessage());
            throw new AuthenticationServiceException("the issuer's keys cannot be read", e);
        }
    }

    private static Caller caller(Jwt jwt) {
        String subject = new CustomerId(Objects.requireNonNullElse(jwt.getSubject(), "")).value();
        TenantId tenant = switch (jwt.getClaims().get("tenant")) {
            case null -> Caller.DEFAULT_TENANT;
            case String name -> new TenantId(name);
            default -> throw new IllegalArgumentException("tenant must be a string");
        };
        return new Caller(tenant, subject, roles(jwt.getClaims().get("roles")));
    }

    /** Those that are known here; the issuer may have others for other systems. */
    private static Set<Role> roles(@Nullable Object claim) {
        Set<Role> roles = EnumSet.of(Role.ANONYMOUS);
        Collection<?> named = claim instanceof Collection<?> names ? names : List.of();
        for (Role role : Role.values()) {
            if (named.contains(role.claim())) {
                roles.addAll(role.all());
            }
        }
        return roles;
    }

    private static final class Verified extends AbstractAuthenticationToken {

        private static final long serialVersionUID = 1;

        private final transient Caller caller;
        private final Instant expiresAt;

        Verified(Caller caller, Instant expiresAt) {
            super(caller.roles().stream()
                    .map(role -> new SimpleGrantedAuthority(role.name()))
                    .toList());
            this.caller = caller;
            this.expiresAt = expiresAt;
            setAuthenticated(true);
        }

        Duration goodFor() {
            Duration rest = Duration.between(Instant.now(), expiresAt.plus(Identity.CLOCK_SKEW));
            return rest.compareTo(REMEMBERED) < 0 ? rest : REMEMBERED;
        }

        @Override
        public Object getCredentials() {
            return "";
        }

        @Override
        public Caller getPrincipal() {
            return caller;
        }
    }
}
