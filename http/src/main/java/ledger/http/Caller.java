package ledger.http;

import ledger.api.TenantId;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** On whose behalf a request is made: an argument that any controller method may take. */
public record Caller(TenantId tenant, String actor) {

    // Until callers are authenticated there is one tenant, and everybody may do everything in it. This is the place to
    // change.
    private static final Caller ADMIN = new Caller(new TenantId("default"), "admin");

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
            return ADMIN;
        }
    }
}
