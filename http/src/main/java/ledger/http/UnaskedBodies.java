package ledger.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Refuses a body where none is read, but for an empty object: what a client meant by it would be lost without a word. */
final class UnaskedBodies implements HandlerInterceptor {

    private static final Set<String> WITHOUT = Set.of("GET", "HEAD", "OPTIONS");

    /** What a body may say. */
    private record Nothing() {}

    private final JsonMapper mapper;
    private final Map<Method, Boolean> reading = new ConcurrentHashMap<>();

    UnaskedBodies(JsonMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException, HttpMediaTypeNotSupportedException {
        boolean hasBody =
                request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
        if (hasBody
                && !WITHOUT.contains(request.getMethod())
                && handler instanceof HandlerMethod method
                && !reading.computeIfAbsent(method.getMethod(), _ -> reads(method))) {
            requireNothing(request);
        }
        return true;
    }

    private static boolean reads(HandlerMethod method) {
        return Arrays.stream(method.getMethodParameters())
                .anyMatch(parameter -> parameter.hasParameterAnnotation(RequestBody.class));
    }

    private static boolean isJson(@Nullable String type) {
        try {
            return type != null && MediaType.parseMediaType(type).isCompatibleWith(MediaType.APPLICATION_JSON);
        } catch (InvalidMediaTypeException _) {
            return false;
        }
    }

    private void requireNothing(HttpServletRequest request) throws IOException, HttpMediaTypeNotSupportedException {
        byte[] body = request.getInputStream().readAllBytes();
        if (body.length == 0) {
            return;
        }
        if (!isJson(request.getContentType())) {
            throw new HttpMediaTypeNotSupportedException("only JSON is read");
        }
        try {
            mapper.readValue(body, Nothing.class);
        } catch (JacksonException e) {
            throw new HttpMessageNotReadableException("nothing is read here", e, new ServletServerHttpRequest(request));
        }
    }
}
