package ledger.http;

import java.io.IOException;
import java.util.Set;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.tomcat.util.res.StringManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers what Tomcat refuses before any servlet sees it, such as a broken request line: a problem like any other, instead
 * of a page with the server's name and a stack trace. Public because Tomcat creates it by its name.
 */
public final class PlainErrorValve extends ErrorReportValve {

    private static final Logger LOG = LoggerFactory.getLogger(PlainErrorValve.class);
    private static final JsonMapper JSON = StrictJson.mapper();

    /** How Tomcat tells that there are too many headers or too much of them: in words alone. */
    private static final Set<String> TOO_LARGE = Set.of(
            StringManager.getManager("org.apache.coyote.http11").getString("iib.requestheadertoolarge.error"),
            StringManager.getManager("org.apache.tomcat.util.http").getString("headers.maxCountFail", 100));

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        if (failure != null && TOO_LARGE.contains(String.valueOf(failure.getMessage()))) {
            response.setStatus(431); // Tomcat says 400
        }
        if (failure != null && response.getStatus() >= 500) {
            LOG.warn("A request failed outside of any controller", failure);
        }
        try {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setCharacterEncoding("UTF-8");
            response.getReporter().write(JSON.writeValueAsString(Problems.ofStatus(response.getStatus())));
            response.finishResponse();
        } catch (IOException e) {
            LOG.debug("The client is gone", e);
        }
    }
}
