package ledger.http;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.condition.PathPatternsRequestCondition;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Endpoints that do not say what they answer answer JSON: whoever accepts none is told so before anything is done for it, and what is
 * answered is called JSON whatever else would be accepted.
 *
 * <p>Spring asks each endpoint in turn what it accepts and answers, and for its address last of all; with as many as there are here,
 * that costs as much as to verify, decide and remember. So only those are asked whose address it is.
 */
final class Endpoints extends RequestMappingHandlerMapping {

    private record Endpoint(RequestMappingInfo mapping, PathPatternsRequestCondition address, HandlerMethod handler) {}

    /** By how many elements an address has, separators included. */
    private final Map<Integer, List<Endpoint>> byLength = new HashMap<>();

    @Override
    protected @Nullable RequestMappingInfo getMappingForMethod(Method method, Class<?> type) {
        RequestMappingInfo info = super.getMappingForMethod(method, type);
        if (info == null
                || !info.getProducesCondition().isEmpty()
                || !type.getName().startsWith("ledger.")
                || ErrorController.class.isAssignableFrom(type)) {
            return info;
        }
        return info.mutate().produces(MediaType.APPLICATION_JSON_VALUE).build();
    }

    @Override
    public void afterPropertiesSet() {
        super.afterPropertiesSet();
        getHandlerMethods().forEach((mapping, handler) -> {
            PathPatternsRequestCondition address = Objects.requireNonNull(mapping.getPathPatternsCondition());
            address.getPatterns().stream()
                    .map(Endpoints::length)
                    .distinct()
                    .forEach(length -> byLength.computeIfAbsent(length, _ -> new ArrayList<>())
                            .add(new Endpoint(mapping, address, handler)));
        });
    }

    private static int length(PathPattern address) {
        return PathContainer.parsePath(address.getPatternString()).elements().size();
    }

    /** The only one that the request can mean; where there is none, or several, it is for Spring to say why, or which. */
    @Override
    protected @Nullable HandlerMethod lookupHandlerMethod(String path, HttpServletRequest request) throws Exception {
        int length = ServletRequestPathUtils.getParsedRequestPath(request)
                .pathWithinApplication()
                .elements()
                .size();
        Endpoint only = null;
        RequestMappingInfo matching = null;
        for (Endpoint endpoint : byLength.getOrDefault(length, List.of())) {
            RequestMappingInfo match = endpoint.address.getMatchingCondition(request) == null
                    ? null
                    : getMatchingMapping(endpoint.mapping, request);
            if (match != null && only != null) {
                return super.lookupHandlerMethod(path, request);
            } else if (match != null) {
                only = endpoint;
                matching = match;
            }
        }
        if (only == null || matching == null) {
            return super.lookupHandlerMethod(path, request);
        }
        request.setAttribute(BEST_MATCHING_HANDLER_ATTRIBUTE, only.handler);
        handleMatch(matching, path, request);
        return only.handler;
    }
}
