package ledger.query;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Objects;
import ledger.api.Problem;
import ledger.http.Answers;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Parameters of a query that can also be asked about the past. */
@Answers({Problem.AS_OF_IN_FUTURE, Problem.KNOWN_IN_FUTURE, Problem.KNOWN_BEFORE_AS_OF})
public record AsOf(
        @Schema(description = "How it held then, in the tenant's time; not in the future") @Nullable
        Instant asOf,

        @Schema(
                description =
                        "With asOf: as far as the ledger had been told by then; not before asOf, not in the future")
        @Nullable
        Instant knownAt) {

    private static final AsOf NOW = new AsOf(null, null);

    /** Makes it an argument of controller methods: Spring's binder would look for annotations again with each request. */
    static final class Resolver implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == AsOf.class;
        }

        @Override
        public AsOf resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders)
                throws Exception {
            String asOf = request.getParameter("asOf");
            String knownAt = request.getParameter("knownAt");
            return asOf == null && knownAt == null
                    ? NOW
                    : new AsOf(
                            instant("asOf", asOf, parameter, request, binders),
                            instant("knownAt", knownAt, parameter, request, binders));
        }

        private static @Nullable Instant instant(
                String name,
                @Nullable String text,
                MethodParameter parameter,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders)
                throws Exception {
            try {
                return Objects.requireNonNull(binders)
                        .createBinder(request, null, name)
                        .convertIfNecessary(text, Instant.class);
            } catch (TypeMismatchException e) {
                throw new MethodArgumentTypeMismatchException(text, Instant.class, name, parameter, e);
            }
        }
    }
}
