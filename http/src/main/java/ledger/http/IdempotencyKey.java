package ledger.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import ledger.api.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerInterceptor;

/** What a client calls its request, so that a repeat is known as one; {@code value} is null where it gave none. */
@Answers(Problem.IDEMPOTENCY_KEY_REUSED)
public record IdempotencyKey(@Nullable String value) {

    private static final int LONGEST = 255;

    /** As the request has it; refused where it is none. */
    public static IdempotencyKey of(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders(Headers.IDEMPOTENCY_KEY));
        if (headers.isEmpty()) {
            return new IdempotencyKey(null);
        }
        String key = headers.getFirst();
        if (headers.size() > 1 || key.isBlank() || key.length() > LONGEST || !isPrintable(key)) {
            throw Problem.INVALID_PARAMETER.because(Headers.IDEMPOTENCY_KEY + " must be given once, as 1 to " + LONGEST
                    + " printable ASCII characters");
        }
        return new IdempotencyKey(key);
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** Refuses one that is none also where a repeat is harmless by itself. */
    static final class Form implements HandlerInterceptor {

        @Override
        public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
            var _ = of(request);
            return true;
        }
    }

    /** Makes it an argument of controller methods. */
    static final class Resolver implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == IdempotencyKey.class;
        }

        @Override
        public IdempotencyKey resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            return of(Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class)));
        }
    }
}
