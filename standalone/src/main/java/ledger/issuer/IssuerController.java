package ledger.issuer;

import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import ledger.api.CustomerId;
import ledger.api.InvalidField;
import ledger.api.Problem;
import ledger.api.TenantId;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Caller;
import ledger.http.IdempotencyKey;
import ledger.http.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The issuer as the standards describe it to those who use it, and as admins keep it. */
@RestController
final class IssuerController {

    private final Issuer issuer;
    private final Clients clients;
    private final SigningKeys keys;
    private final Mint mint;
    private final Repeats repeats;

    IssuerController(Issuer issuer, Clients clients, SigningKeys keys, Mint mint, Repeats repeats) {
        this.issuer = issuer;
        this.clients = clients;
        this.keys = keys;
        this.mint = mint;
        this.repeats = repeats;
    }

    /** OpenID Connect Discovery 1.0 and RFC 8414, of what there is here: tokens for machines, and keys to check all tokens by. */
    @GetMapping({"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"})
    @Allowed(Role.ANONYMOUS)
    Map<String, Object> discovery() {
        return Map.of(
                "issuer", issuer.url(),
                "token_endpoint", issuer.url() + "/oauth2/token",
                "jwks_uri", issuer.url() + "/oauth2/jwks",
                "grant_types_supported", List.of("client_credentials"),
                "token_endpoint_auth_methods_supported", List.of("client_secret_basic", "client_secret_post"),
                "response_types_supported", List.of(),
                "subject_types_supported", List.of("public"),
                "id_token_signing_alg_values_supported", List.of("RS256"),
                "claims_supported", List.of("iss", "sub", "aud", "exp", "iat", "tenant", "roles"));
    }

    /** {@code tenant} is the caller's unless given; that of others is for admins of the default tenant. */
    record NewClient(
            CustomerId clientId,
            List<String> roles,
            @Nullable TenantId tenant) {}

    record CreatedClient(CustomerId clientId, String clientSecret, TenantId tenant, List<String> roles) {}

    /** A machine that may have tokens. Its secret is answered once. */
    @PostMapping("/v1/admin/clients")
    @Allowed(Role.ADMIN)
    @ApiResponse(responseCode = "201", description = "It may ask for tokens")
    @Answers(Problem.CLIENT_EXISTS)
    ResponseEntity<CreatedClient> create(@RequestBody NewClient body, Caller caller, IdempotencyKey key) {
        TenantId tenant = tenant(body.tenant(), caller);
        Set<Role> roles = roles(body.roles());
        return ResponseEntity.status(201).body(repeats.once(scope(caller), key, body, CreatedClient.class, () -> {
            String secret = clients.create(body.clientId().value(), tenant, roles);
            return new CreatedClient(body.clientId(), secret, tenant, body.roles());
        }));
    }

    /** It gets no more tokens; those that it has end within an hour. */
    @DeleteMapping("/v1/admin/clients/{clientId}")
    @Allowed(Role.ADMIN)
    @ApiResponse(responseCode = "204", description = "It is gone")
    @Answers(Problem.NOT_FOUND)
    ResponseEntity<Void> delete(@PathVariable String clientId, Caller caller) {
        if (!clients.delete(clientId, caller.tenant())) {
            throw Problem.NOT_FOUND.because("there is no client " + clientId);
        }
        return ResponseEntity.noContent().build();
    }

    /** Good for an hour unless given; never for longer. */
    record Minting(
            List<String> roles,
            @Nullable CustomerId subject,
            @Nullable TenantId tenant,
            @Nullable Integer expiresIn) {

        Minting {
            if (expiresIn != null && (expiresIn < 1 || expiresIn > Mint.LONGEST.toSeconds())) {
                throw new InvalidField("expiresIn", "must be from 1 to " + Mint.LONGEST.toSeconds() + " seconds");
            }
        }
    }

    /** A token for somebody without account or client: for people at the machine, and for tests. */
    @PostMapping("/v1/admin/tokens")
    @Allowed(Role.ADMIN)
    Mint.Token mint(@RequestBody Minting body, Caller caller, IdempotencyKey key) {
        Set<Role> roles = roles(body.roles());
        String subject =
                body.subject() == null ? caller.actor() : body.subject().value();
        Duration goodFor = body.expiresIn() == null ? Mint.LONGEST : Duration.ofSeconds(body.expiresIn());
        TenantId tenant = tenant(body.tenant(), caller);
        return repeats.once(
                scope(caller), key, body, Mint.Token.class, () -> mint.token(subject, tenant, roles, goodFor));
    }

    record SigningKey(String kid) {}

    /** Signs with a new key; the old ones stay published until their tokens have ended. */
    @PostMapping("/v1/admin/signing-keys")
    @Allowed(Role.ADMIN)
    @ApiResponse(responseCode = "201", description = "It signs with a new key")
    ResponseEntity<SigningKey> rotate(Caller caller, IdempotencyKey key) {
        requireDefault(caller, "the keys belong to all tenants");
        return ResponseEntity.status(201)
                .body(repeats.once(
                        scope(caller), key, "a new key", SigningKey.class, () -> new SigningKey(keys.rotate())));
    }

    /** Whose idempotency keys they are. */
    private static String scope(Caller caller) {
        return caller.tenant() + "\n" + caller.actor();
    }

    private static TenantId tenant(@Nullable TenantId wanted, Caller caller) {
        if (wanted == null || wanted.equals(caller.tenant())) {
            return caller.tenant();
        }
        requireDefault(caller, "another tenant is not yours");
        return wanted;
    }

    private static void requireDefault(Caller caller, String why) {
        if (!caller.tenant().equals(Caller.DEFAULT_TENANT)) {
            throw Problem.FORBIDDEN.because(why);
        }
    }

    private static Set<Role> roles(List<String> names) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String name : names) {
            roles.add(Stream.of(Role.values())
                    .filter(role -> role != Role.ANONYMOUS && role.claim().equals(name))
                    .findAny()
                    .orElseThrow(() ->
                            new InvalidField("roles", "must be among customer, manager, operator, auditor and admin")));
        }
        return roles;
    }
}
