package ledger.command;

import static java.util.stream.Collectors.joining;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import ledger.api.CustomerId;
import ledger.api.Problem;
import ledger.api.TenantId;
import ledger.command.store.Execution;
import ledger.command.store.Uuid7;
import ledger.http.Answers;
import ledger.http.Caller;
import ledger.http.CorrelationId;
import ledger.http.IdempotencyKey;
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
 * what it expects ({@code If-Match}: one of these versions, with commas between them). {@code operation} is what the endpoint is
 * called, {@code request} the method and path, of which a key is good for one.
 */
@Answers({Problem.VERSION_MISMATCH, Problem.IDEMPOTENCY_KEY_REUSED, Problem.CONFLICT, Problem.OVERLOADED})
record Intent(
        String id,
        Caller caller,
        @Nullable String key,
        @Nullable String expectedVersions,
        String correlationId,
        @Nullable String traceparent,
        String operation,
        String request) {

    /** As RFC 9110 has them. */
    private static final Pattern TAG = Pattern.compile("(?:W/)?\"[\\x21\\x23-\\x7e\\x80-\\xff]*\"");

    private static final Pattern TAGS = Pattern.compile("(?:%1$s)(?:[ \\t]*,[ \\t]*%1$s)*".formatted(TAG.pattern()));
    private static final Pattern OURS = Pattern.compile("\"(?:0|[1-9][0-9]{0,17})\"");

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
            digest.update((request + "\n" + expectedVersions + "\n").getBytes(StandardCharsets.UTF_8));
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
                    IdempotencyKey.of(request).value(),
                    versions(Collections.list(request.getHeaders(HttpHeaders.IF_MATCH))),
                    CorrelationId.current().value(),
                    traceparent(request.getHeader("traceparent")),
                    Objects.requireNonNull(parameter.getMethod()).getName(),
                    request.getMethod() + " " + request.getRequestURI());
        }
    }

    /** {@code *} expects nothing; of entity tags those that a version of ours can have, none of which may be weak. */
    private static @Nullable String versions(List<String> headers) {
        String tags = String.join(",", headers).strip();
        if (headers.isEmpty() || tags.equals("*")) {
            return null;
        }
        if (!TAGS.matcher(tags).matches()) {
            throw Problem.INVALID_PARAMETER.because("If-Match must be entity tags such as \"3\", or *");
        }
        return TAG.matcher(tags)
                .results()
                .map(MatchResult::group)
                .filter(tag -> OURS.matcher(tag).matches())
                .map(tag -> tag.substring(1, tag.length() - 1))
                .collect(joining(","));
    }

    private static @Nullable String traceparent(@Nullable String header) {
        boolean isOne = header != null && header.matches("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
        return Traces.traceparent(isOne ? header : null);
    }
}
