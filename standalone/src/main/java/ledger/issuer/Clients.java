package ledger.issuer;

import java.sql.Array;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import ledger.api.Problem;
import ledger.api.TenantId;
import ledger.http.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/** The machines that may have tokens: each with a secret, a tenant and roles. */
final class Clients implements RegisteredClientRepository {

    private static final String TENANT = "tenant";
    private static final String ROLES = "roles";

    private final JdbcClient database;
    private final PasswordEncoder secrets;

    Clients(DataSource database, PasswordEncoder secrets) {
        this.database = JdbcClient.create(database);
        this.secrets = secrets;
    }

    /** Its secret, which nobody can read again. */
    String create(String id, TenantId tenant, Collection<Role> roles) {
        String secret = Secrets.random();
        if (!insert(id, secret, tenant, roles)) {
            throw Problem.CLIENT_EXISTS.because("there is a client " + id);
        }
        return secret;
    }

    /** Makes it so that it has this secret, tenant and roles. */
    void ensure(String id, String secret, TenantId tenant, Collection<Role> roles) {
        RegisteredClient known = findByClientId(id);
        if (known == null || !secrets.matches(secret, known.getClientSecret())) {
            delete(id, tenant);
            insert(id, secret, tenant, roles);
        }
    }

    boolean delete(String id, TenantId tenant) {
        return database.sql("delete from accounts.client where client_id = ? and tenant = ?")
                        .params(id, tenant.value())
                        .update()
                > 0;
    }

    private boolean insert(String id, String secret, TenantId tenant, Collection<Role> roles) {
        return database.sql("insert into accounts.client (client_id, secret, tenant, roles) values (?, ?, ?, ?) "
                                + "on conflict (client_id) do nothing")
                        .params(
                                id,
                                secrets.encode(secret),
                                tenant.value(),
                                roles.stream().map(Role::claim).toArray(String[]::new))
                        .update()
                > 0;
    }

    static TenantId tenant(RegisteredClient client) {
        return new TenantId(Objects.requireNonNull(client.getClientSettings().getSetting(TENANT)));
    }

    static List<String> roles(RegisteredClient client) {
        return Objects.requireNonNull(client.getClientSettings().getSetting(ROLES));
    }

    @Override
    public @Nullable RegisteredClient findByClientId(String id) {
        if (id.indexOf('\0') >= 0) {
            return null; // PostgreSQL cannot even be asked
        }
        Optional<RegisteredClient> found = database.sql(
                        "select client_id, secret, tenant, roles from accounts.client where client_id = ?")
                .param(id)
                .query((row, _) -> client(row.getString(1), row.getString(2), row.getString(3), row.getArray(4)))
                .optional();
        return found.orElse(null);
    }

    @Override
    public @Nullable RegisteredClient findById(String id) {
        return findByClientId(id);
    }

    @Override
    public void save(RegisteredClient client) {
        throw new UnsupportedOperationException("clients are created by admins");
    }

    private static RegisteredClient client(String id, String secret, String tenant, Array roles)
            throws java.sql.SQLException {
        return RegisteredClient.withId(id)
                .clientId(id)
                .clientSecret(secret)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .clientSettings(ClientSettings.builder()
                        .setting(TENANT, tenant)
                        .setting(ROLES, Arrays.asList((String[]) roles.getArray()))
                        .build())
                .tokenSettings(TokenSettings.builder()
                        .accessTokenTimeToLive(Mint.OF_CLIENTS)
                        .build())
                .build();
    }
}
