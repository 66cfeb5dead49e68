package ledger.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import ledger.api.Problem;
import ledger.api.Rejected;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Who calls, by token and nothing else: no session, no cookie, no password of ours. What they may is {@link Allowed}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({Identity.class, Throttle.Rates.class})
class Security {

    @Bean
    Tokens tokens(ObjectProvider<JwtDecoder> ours, Identity identity) {
        return new Tokens(ours.getIfAvailable(identity::named));
    }

    @Bean
    Throttle throttle(Throttle.Rates rates) {
        return new Throttle(rates);
    }

    /**
     * How the machine is run is for admins; whether it is well, for everybody. Its metrics, too, are for whoever reaches a
     * management port of its own, which only this machine does unless it is told otherwise.
     */
    @Bean
    @Order(1)
    SecurityFilterChain management(HttpSecurity http, Tokens tokens, Refusals refusals, Environment environment) {
        boolean hasItsOwnPort = ManagementPortType.get(environment) == ManagementPortType.DIFFERENT;
        return http.securityMatcher(EndpointRequest.toAnyEndpoint())
                .csrf(AbstractHttpConfigurer::disable)
                .headers(AbstractHttpConfigurer::disable) // RequestFilter sets them, on every answer
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .anonymous(everybody -> everybody.principal(Caller.ANONYMOUS))
                .oauth2ResourceServer(server -> server.authenticationManagerResolver(tokens)
                        .bearerTokenResolver(Tokens::presented)
                        .authenticationEntryPoint(refusals.unauthenticated())
                        .accessDeniedHandler((request, response, _) ->
                                refusals.answer(request, response, Problem.FORBIDDEN.because("only admins see this"))))
                .authorizeHttpRequests(requests -> requests.requestMatchers(
                                hasItsOwnPort
                                        ? EndpointRequest.to(HealthEndpoint.class, PrometheusScrapeEndpoint.class)
                                        : EndpointRequest.to(HealthEndpoint.class))
                        .permitAll()
                        .anyRequest()
                        .hasAuthority(Role.ADMIN.name()))
                .build();
    }

    /**
     * Four filters and no more: what else Spring would put between them is for sessions, browsers and pages, and is paid for with each
     * request. An endpoint of its own, which says things about tokens that are not so here, would be among it.
     */
    @Bean
    @Order(3)
    SecurityFilterChain ledger(Tokens tokens, Refusals refusals) {
        BearerTokenAuthenticationFilter callers = new BearerTokenAuthenticationFilter(tokens);
        callers.setBearerTokenResolver(Tokens::presented);
        callers.setAuthenticationEntryPoint(refusals.unauthenticated());
        return new DefaultSecurityFilterChain(
                AnyRequestMatcher.INSTANCE,
                new SecurityContextHolderFilter(new RequestAttributeSecurityContextRepository()),
                callers,
                new AnonymousAuthenticationFilter(
                        "anonymous", Caller.ANONYMOUS, AuthorityUtils.createAuthorityList(Role.ANONYMOUS.name())),
                refusals.throttled());
    }

    @Bean
    Refusals refusals(Throttle throttle, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        return new Refusals(throttle, problems);
    }

    /** Methods that nobody knows are answered 405 like those that an address does not take. */
    @Bean
    static HttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setUnsafeAllowAnyHttpMethod(true);
        // Tomcat has refused control characters in headers before; to look at each header again costs as much as a
        // decision.
        firewall.setAllowedHeaderNames(_ -> true);
        firewall.setAllowedHeaderValues(_ -> true);
        return firewall;
    }

    @Bean
    static SecurityObservationSettings unobserved() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    static SmartInitializingSingleton everyEndpointSaysWhoMayCallIt(
            @Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> endpoints) {
        return () -> Admission.requireAnnotations(endpoints.getObject());
    }

    /** Answers what is refused before any controller is reached, in the one form of all refusals. */
    record Refusals(Throttle throttle, HandlerExceptionResolver problems) {

        AuthenticationEntryPoint unauthenticated() {
            return (request, response, failure) -> {
                Rejected tooMany = throttle.count(request, response);
                if (tooMany != null) {
                    answer(request, response, tooMany);
                } else if (failure instanceof AuthenticationServiceException) {
                    answer(request, response, Problem.UNAVAILABLE.because("the issuer of the token cannot be asked"));
                } else {
                    answer(
                            request,
                            response,
                            Problem.UNAUTHENTICATED.because(
                                    Tokens.areSent(request)
                                            ? "the token is not valid here, or no longer"
                                            : Admission.SEND_TOKEN));
                }
            };
        }

        HttpFilter throttled() {
            return new HttpFilter() {
                private static final long serialVersionUID = 1;

                @Override
                protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                        throws IOException, ServletException {
                    // What comes back to be told as an error was counted when it came.
                    boolean isTold = request.getDispatcherType() == DispatcherType.ERROR;
                    Rejected tooMany = isTold ? null : throttle.count(request, response);
                    if (tooMany == null) {
                        chain.doFilter(request, response);
                    } else {
                        answer(request, response, tooMany);
                    }
                }
            };
        }

        void answer(HttpServletRequest request, HttpServletResponse response, Rejected refusal) {
            problems.resolveException(request, response, null, refusal);
        }
    }
}
