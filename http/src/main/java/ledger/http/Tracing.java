package ledger.http;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Every request a span, where spans are kept at all. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(Tracing.Destination.class)
class Tracing {

    /** {@code endpoint} is the base address of an OTLP collector, or empty; {@code share} is from 0 to 1. */
    @ConfigurationProperties("ledger.traces")
    record Destination(String endpoint, double share, String service) {}

    @Bean
    Traces traces(Destination destination) {
        String endpoint = destination.endpoint.strip().replaceAll("/+$", "");
        return endpoint.isEmpty()
                ? new Traces()
                : new Traces(
                        destination.service,
                        destination.share,
                        OtlpHttpSpanExporter.builder()
                                .setEndpoint(endpoint + "/v1/traces")
                                .build());
    }

    @Bean
    FilterRegistrationBean<RequestSpans> requestSpans(Traces traces) {
        FilterRegistrationBean<RequestSpans> filter = new FilterRegistrationBean<>(new RequestSpans(traces));
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
        filter.setEnabled(traces.areKept());
        return filter;
    }

    static final class RequestSpans extends HttpFilter {

        private static final long serialVersionUID = 1;
        private static final String TRACE_ID = "traceId";

        private final transient Traces traces;

        RequestSpans(Traces traces) {
            this.traces = traces;
        }

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            Span span = traces.begin(RequestMeter.method(request), request.getHeader("traceparent"));
            MDC.put(TRACE_ID, span.getSpanContext().getTraceId());
            int status = 500;
            try (Scope _ = span.makeCurrent()) {
                chain.doFilter(request, response);
                status = response.getStatus();
            } finally {
                describe(span, request, status);
                span.end();
                MDC.remove(TRACE_ID);
            }
        }

        private static void describe(Span span, HttpServletRequest request, int status) {
            String endpoint = RequestMeter.endpoint(request);
            span.updateName(RequestMeter.method(request) + " " + endpoint)
                    .setAttribute("http.request.method", request.getMethod())
                    .setAttribute("http.route", endpoint)
                    .setAttribute("url.path", request.getRequestURI())
                    .setAttribute("http.response.status_code", status)
                    .setAttribute(
                            "ledger.correlation_id", CorrelationId.current().value());
            if (status >= 500) {
                span.setStatus(StatusCode.ERROR);
            }
        }
    }
}
