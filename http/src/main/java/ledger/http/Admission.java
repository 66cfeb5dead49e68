package ledger.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import ledger.api.Problem;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Lets through whom the endpoint is {@link Allowed} to, before anything of the request is read. */
final class Admission implements HandlerInterceptor {

    static final String SEND_TOKEN = "send a token: Authorization: Bearer …";

    /** The API description, and the answer to OPTIONS (what methods there are), are not ours to annotate and open to everybody. */
    private static final Pattern FRAMEWORK =
            Pattern.compile("org\\.(springdoc|springframework\\.web\\.servlet\\.mvc\\.method)\\..*");

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        Allowed allowed = handler instanceof HandlerMethod method ? method.getMethodAnnotation(Allowed.class) : null;
        if (allowed == null && !(handler instanceof HandlerMethod method && !isFrameworks(method))) {
            return true;
        }
        Caller caller = Objects.requireNonNullElse(Caller.current(), Caller.ANONYMOUS);
        CorrelationId.tell(caller);
        if (allowed == null || !caller.mayUse(allowed)) {
            throw caller.isAnonymous()
                    ? Problem.UNAUTHENTICATED.because(SEND_TOKEN)
                    : Problem.FORBIDDEN.because("the token has no role that this is open to");
        }
        return true;
    }

    /** An endpoint that does not say who may call it is a mistake that nobody should find out later. */
    static void requireAnnotations(RequestMappingHandlerMapping mapping) {
        List<HandlerMethod> open = mapping.getHandlerMethods().values().stream()
                .filter(method -> !isFrameworks(method) && !method.hasMethodAnnotation(Allowed.class))
                .toList();
        if (!open.isEmpty()) {
            throw new IllegalStateException("endpoints do not say who is @Allowed to call them: " + open);
        }
    }

    private static boolean isFrameworks(HandlerMethod method) {
        return FRAMEWORK.matcher(method.getBeanType().getName()).matches();
    }
}
