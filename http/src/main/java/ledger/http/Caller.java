package ledger.http;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import ledger.api.CustomerId;
import ledger.api.TenantId;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * On whose behalf a request is made, as its token says: an argument that any controller method may take. There it has those
 * of its roles that the endpoint is open to, so that a customer who is an auditor too reads everything and commands its own.
 */
public record Caller(TenantId tenant, String actor, Set<Role> roles) {

    public static final TenantId DEFAULT_TENANT = new TenantId("default");

    static final Caller ANONYMOUS = new Caller(DEFAULT_TENANT, "anonymous", Set.of(Role.ANONYMOUS));

    /** Whom this thread serves; null where it serves no request. */
    public static @Nullable Caller current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && authentication.getPrincipal() instanceof Caller caller ? caller : null;
    }

    /** The customer to whose things the caller is bound: others' do not exist for it. Null for those who see all of the tenant. */
    public @Nullable CustomerId owner() {
        return roles.contains(Role.OPERATOR) || roles.contains(Role.AUDITOR) || !roles.contains(Role.CUSTOMER)
                ? null
                : new CustomerId(actor);
    }

    boolean isAnonymous() {
        return this == ANONYMOUS;
    }

    boolean mayUse(Allowed endpoint) {
        return Arrays.stream(endpoint.value()).anyMatch(roles::contains);
    }

    private Caller at(Allowed endpoint) {
        Set<Role> open = EnumSet.noneOf(Role.class);
        for (Role role : endpoint.value()) {
            if (roles.contains(role)) {
                open.add(role);
            }
        }
        return new Caller(tenant, actor, open);
    }

    /** Makes it an argument of controller methods. */
    public static final class Resolver implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Caller.class;
        }

        @Override
        public Caller resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            Allowed endpoint = Objects.requireNonNull(parameter.getMethodAnnotation(Allowed.class));
            return Objects.requireNonNullElse(current(), ANONYMOUS).at(endpoint);
        }
    }
}
