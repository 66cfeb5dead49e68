package ledger.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ledger.api.Problem;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses query parameters that the handler does not declare, and those given twice or empty: a filter is never ignored. Nor is a
 * position that is none, also where nobody has to wait for it because the ledger itself is read.
 */
class DeclaredParameters implements HandlerInterceptor {

    private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

    private static final Pattern POSITION = Pattern.compile("[0-9]{1,18}");

    private final Map<Method, Set<String>> declared = new ConcurrentHashMap<>();

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        String position = request.getHeader(Headers.LEDGER_POSITION);
        if (position != null && !POSITION.matcher(position).matches()) {
            throw Problem.INVALID_PARAMETER.because(Headers.LEDGER_POSITION + " must be a whole number");
        }
        if (request.getQueryString() != null && handler instanceof HandlerMethod method) {
            Set<String> names = declared.computeIfAbsent(method.getMethod(), _ -> namesOf(method));
            request.getParameterMap().forEach((name, values) -> check(name, values, names));
        }
        return true;
    }

    private static void check(String name, String[] values, Set<String> names) {
        if (!names.contains(name)) {
            throw Problem.UNKNOWN_PARAMETER.because("there is no parameter " + name + " here"
                    + (names.isEmpty() ? "" : ", only " + String.join(", ", names)));
        }
        if (values.length > 1) {
            throw Problem.INVALID_PARAMETER.because(name + " must be given once");
        }
        if (values[0].isEmpty()) {
            throw Problem.INVALID_PARAMETER.because(name + " must not be empty");
        }
    }

    private static Set<String> namesOf(HandlerMethod method) {
        return Arrays.stream(method.getMethodParameters())
                .flatMap(DeclaredParameters::namesOf)
                .sorted()
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Stream<String> namesOf(MethodParameter parameter) {
        RequestParam single = parameter.getParameterAnnotation(RequestParam.class);
        if (single != null) {
            parameter.initParameterNameDiscovery(NAMES);
            String name = single.name().isEmpty() ? parameter.getParameterName() : single.name();
            return Stream.ofNullable(name);
        }
        return parameter.hasParameterAnnotation(ModelAttribute.class)
                        || parameter.hasParameterAnnotation(ParameterObject.class)
                ? Arrays.stream(parameter.getParameterType().getRecordComponents())
                        .map(RecordComponent::getName)
                : Stream.empty();
    }
}
