package ledger.issuer;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import ledger.http.Buckets;
import ledger.http.Identity;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtGenerator;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import tools.jackson.databind.json.JsonMapper;

/** The issuer, for whoever runs it. Its schema, database role and connections are its own: no other part can read a password. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(Issuer.class)
@Import({AccountController.class, IssuerController.class})
public class IssuerConfiguration {

    private static final String KEYS = "/oauth2/jwks";

    private static final int CONNECTIONS = 4;

    @Bean(defaultCandidate = false)
    HikariDataSource accountsDataSource(JdbcConnectionDetails database) {
        Flyway.configure()
                .dataSource(database.getJdbcUrl(), database.getUsername(), database.getPassword())
                .schemas("accounts")
                .locations("classpath:db/accounts")
                .load()
                .migrate();
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("accounts");
        pool.setJdbcUrl(database.getJdbcUrl());
        pool.setUsername(database.getUsername());
        pool.setPassword(database.getPassword());
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setConnectionInitSql("set role ledger_accounts");
        pool.addDataSourceProperty("ApplicationName", "ledger-accounts");
        return new HikariDataSource(pool);
    }

    @Bean
    SigningKeys signingKeys(@Qualifier("accountsDataSource") DataSource database) {
        return new SigningKeys(database);
    }

    @Bean
    JwtDecoder jwtDecoder(Identity identity, Issuer issuer, SigningKeys keys) {
        return identity.of(issuer.url(), keys);
    }

    @Bean
    NimbusJwtEncoder jwtEncoder(SigningKeys keys) {
        NimbusJwtEncoder encoder = new NimbusJwtEncoder(keys);
        encoder.setJwkSelector(List::getFirst);
        return encoder;
    }

    @Bean
    Mint mint(NimbusJwtEncoder encoder, Issuer issuer, Identity identity) {
        return new Mint(encoder, issuer.url(), identity.audience());
    }

    @Bean
    static PasswordEncoder passwordEncoder() {
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }

    @Bean
    Accounts accounts(@Qualifier("accountsDataSource") DataSource database, PasswordEncoder passwords) {
        return new Accounts(database, passwords);
    }

    @Bean
    Sessions sessions(@Qualifier("accountsDataSource") DataSource database) {
        return new Sessions(database);
    }

    @Bean
    Repeats repeats(@Qualifier("accountsDataSource") DataSource database, JsonMapper json) {
        return new Repeats(database, json);
    }

    @Bean
    Clients clients(@Qualifier("accountsDataSource") DataSource database, PasswordEncoder secrets, Issuer issuer) {
        Clients clients = new Clients(database, secrets);
        AdminClient.ensure(issuer.data(), clients);
        return clients;
    }

    /** The token endpoint and the keys, of Spring Authorization Server: of all that it has, what machines need. */
    @Bean
    @Order(2)
    SecurityFilterChain authorizationServer(
            HttpSecurity http, Clients clients, Issuer issuer, Mint mint, NimbusJwtEncoder encoder) {
        JwtGenerator generator = new JwtGenerator(encoder);
        generator.setJwtCustomizer(token -> mint.claim(
                token.getClaims(),
                Clients.tenant(token.getRegisteredClient()),
                Clients.roles(token.getRegisteredClient())));
        Buckets failures = new Buckets("failed-clients", 100, Duration.ofMinutes(10));
        return http.securityMatcher("/oauth2/token", KEYS)
                .exceptionHandling(refused -> refused.authenticationEntryPoint((_, response, _) -> refuse(response)))
                .oauth2AuthorizationServer(server -> server.registeredClientRepository(clients)
                        .clientAuthentication(wrong -> wrong.errorResponseHandler((_, response, _) -> refuse(response)))
                        .authorizationService(new Forgetful())
                        .tokenGenerator(generator)
                        .authorizationServerSettings(AuthorizationServerSettings.builder()
                                .issuer(issuer.url())
                                .build()))
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .csrf(AbstractHttpConfigurer::disable)
                .headers(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterBefore(
                        (request, response, chain) -> {
                            String address = request.getRemoteAddr();
                            HttpServletResponse answer = (HttpServletResponse) response;
                            answer.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
                            // The keys are for everybody, however often somebody at that address was mistaken.
                            boolean isCounted = !((HttpServletRequest) request)
                                    .getRequestURI()
                                    .equals(KEYS);
                            if (isCounted && failures.take(address, answer) != null) {
                                answer.sendError(429);
                                return;
                            }
                            try {
                                chain.doFilter(request, response);
                            } catch (IllegalArgumentException e) { // it trips over credentials that are blank
                                answer.sendError(400);
                            }
                            if (isCounted && answer.getStatus() < 400) {
                                failures.giveBack(address);
                            }
                        },
                        SecurityContextHolderFilter.class)
                .build();
    }

    /** As RFC 6749 wants it. */
    private static void refuse(HttpServletResponse response) throws IOException {
        response.setStatus(401);
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"ledger\"");
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getWriter().write("{\"error\":\"invalid_client\"}");
    }

    /** Tokens say everything themselves: what was issued need not be remembered. */
    private static final class Forgetful implements OAuth2AuthorizationService {

        @Override
        public void save(OAuth2Authorization authorization) {}

        @Override
        public void remove(OAuth2Authorization authorization) {}

        @Override
        public @Nullable OAuth2Authorization findById(String id) {
            return null;
        }

        @Override
        public @Nullable OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType type) {
            return null;
        }
    }
}
