package ledger.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Counts and times all requests by endpoint and status, under the name that Spring's own observation has. What a client can make up
 * does not become a label: unknown addresses are one endpoint, unknown methods one method.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class RequestMeter extends HttpFilter {

    private static final long serialVersionUID = 1;
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private record Kind(String method, String endpoint, int status) {}

    private final transient Timers<Kind> timers;

    RequestMeter(MeterRegistry registry) {
        timers = new Timers<>(
                registry,
                kind -> Timer.builder("http.server.requests")
                        .description("Requests, from when they were read to when they were answered")
                        .tag("method", kind.method)
                        .tag("uri", kind.endpoint)
                        .tag("status", Integer.toString(kind.status)));
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        long begin = System.nanoTime();
        EvenTime.begin(request, begin);
        int status = 500;
        try {
            chain.doFilter(request, response);
            status = response.getStatus();
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new Later(request, response, begin));
            } else {
                record(request, status, begin);
            }
        }
    }

    private void record(HttpServletRequest request, int status, long begin) {
        timers.record(new Kind(method(request), endpoint(request), status), begin);
    }

    static String method(HttpServletRequest request) {
        return METHODS.contains(request.getMethod()) ? request.getMethod() : "other";
    }

    /** The pattern of its address; nothing matches what was refused before, or what is not there. */
    static String endpoint(HttpServletRequest request) {
        Object matched = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return matched == null || matched.equals("/**") ? "none" : matched.toString();
    }

    /** What is answered as a stream ends later than its thread. */
    private final class Later implements AsyncListener {

        private final HttpServletRequest request;
        private final HttpServletResponse response;
        private final long begin;

        Later(HttpServletRequest request, HttpServletResponse response, long begin) {
            this.request = request;
            this.response = response;
            this.begin = begin;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            record(request, response.getStatus(), begin);
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
