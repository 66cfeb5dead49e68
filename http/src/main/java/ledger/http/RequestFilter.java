package ledger.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import ledger.api.Problem;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;

/** What every request gets before anybody looks at it: a correlation id, a bound on its body, and headers of the answer. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestFilter extends HttpFilter {

    private static final long serialVersionUID = 1;
    private static final long LARGEST = 256 * 1024;
    private static final String POLICY = "Content-Security-Policy";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        CorrelationId correlation = CorrelationId.of(request.getHeader(Headers.CORRELATION_ID));
        correlation.enter();
        try {
            response.setHeader(Headers.CORRELATION_ID, correlation.value());
            secure(request, response);
            chain.doFilter(isBounded(request) ? request : new BoundedRequest(request), response);
        } finally {
            CorrelationId.leave();
        }
    }

    /** For browsers: of pages there are histories, which have their style in them, and the one to try the interface. Nothing else may load anything. */
    private static void secure(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (request.getRequestURI().startsWith("/v1/")) {
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            response.setHeader(POLICY, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
        } else {
            response.setHeader("Referrer-Policy", "no-referrer");
            response.setHeader(
                    POLICY,
                    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'");
        }
        if (request.isSecure()) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
    }

    private static boolean isBounded(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        return length < 0 ? request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null : length <= LARGEST;
    }

    private static final class BoundedRequest extends HttpServletRequestWrapper {

        BoundedRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (getContentLengthLong() > LARGEST) {
                throw tooLarge();
            }
            return new BoundedStream(super.getInputStream());
        }
    }

    private static RuntimeException tooLarge() {
        return Problem.BODY_TOO_LARGE.because("at most " + LARGEST + " bytes are read");
    }

    private static final class BoundedStream extends ServletInputStream {

        private final ServletInputStream body;
        private long count;

        BoundedStream(ServletInputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            int read = body.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = body.read(bytes, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int read) {
            count += read;
            if (count > LARGEST) {
                throw tooLarge();
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
