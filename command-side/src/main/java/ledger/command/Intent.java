package ledger.command;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import ledger.api.CustomerId;
import ledger.api.Problem;
import ledger.api.TenantId;
import ledger.command.store.Execution;
import ledger.command.store.Uuid7;
import ledger.http.Answers;
import ledger.http.Caller;
import ledger.http.CorrelationId;
import ledger.http.Headers;
import ledger.http.Traces;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a request says about its command beside the body: on whose behalf, whether it is a repeat ({@code Idempotency-Key}), and
 * what it expects ({@code If-Match}). {@code operation} is what the endpoint is called, {@code request} the method and path, of
 * which a key is good for one.
 */
@Answers({Problem.VERSION_MISMATCH, Problem.IDEMPOTENCY_KEY_REUSED, Problem.CONFLICT, Problem.OVERLOADED})
record Intent(
        String id,
        Caller caller,
        @Nullable String key,
        @Nullable Long expectedVersion,
        String correlationId,
        @Nullable String traceparent,
        String operation,
        String request) {

    TenantId tenant() {
        return caller.tenant();
    }

    /** The customer who is bound to its own; null for those who command every subscription. */
    @Nullable
    CustomerId owner() {
        return caller.owner();
    }

    String actor() {
        return caller.actor();
    }

    /** What identifies a repeat of the same request with this body; null when the client gave no key. */
    Execution.@Nullable Key repeat(@Nullable Object body, JsonMapper json) {
        return key == null ? null : new Execution.Key(actor(), key, hash(body, json));
    }

    private byte[] hash(@Nullable Object body, JsonMapper json) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((request + "\n" + expectedVersion + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update(json.writeValueAsBytes(body));
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Makes it an argument of controller methods. */
    static final class Resolver implements HandlerMethodArgumentResolver {

        private final HandlerMethodArgumentResolver callers;

        Resolver(HandlerMethodArgumentResolver callers) {
            this.callers = callers;
        }

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Intent.class;
        }

        @Override
        public Intent resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest web,
                @Nullable WebDataBinderFactory binders)
                throws Exception {
            HttpServletRequest request = (HttpServletRequest) web.getNativeRequest();
            return new Intent(
                    Uuid7.next().toString(),
                    (Caller) Objects.requireNonNull(callers.resolveArgument(parameter, container, web, binders)),
                    key(request.getHeader(Headers.IDEMPOTENCY_KEY)),
                    version(request.getHeader(HttpHeaders.IF_MATCH)),
                    CorrelationId.current().value(),
                    traceparent(request.getHeader("traceparent")),
                    Objects.requireNonNull(parameter.getMethod()).getName(),
                    request.getMethod() + " " + request.getRequestURI());
        }
    }

    private static @Nullable String key(@Nullable String header) {
        if (header != null && (header.isBlank() || header.length() > 255 || !isPrintable(header))) {
            throw Problem.INVALID_PARAMETER.because(
                    Headers.IDEMPOTENCY_KEY + " must be 1 to 255 printable ASCII characters");
        }
        return header;
    }

    /** A strong entity tag of ours; {@code *} expects nothing; a tag that no version of ours ever had matches none. */
    private static @Nullable Long version(@Nullable String header) {
        if (header == null || header.strip().equals("*")) {
            return null;
        }
        String tag = header.strip();
        if (!tag.startsWith("\"") && !tag.startsWith("W/\"") || !tag.endsWith("\"") || tag.contains(",")) {
            throw Problem.INVALID_PARAMETER.because("If-Match must be one entity tag such as \"3\", or *");
        }
        String version = tag.substring(1, tag.length() - 1);
        return version.matches("0|[1-9][0-9]{0,17}") ? Long.valueOf(version) : Long.valueOf(Long.MIN_VALUE);
    }

    private static @Nullable String traceparent(@Nullable String header) {
        boolean isOne = header != null && header.matches("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
        return Traces.traceparent(isOne ? header : null);
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }
}
