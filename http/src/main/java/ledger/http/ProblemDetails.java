package ledger.http;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ledger.api.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** The body of every answer that is not a success: RFC 9457, with {@code code} as what a program decides on. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ProblemDetails(
        URI type,
        String title,
        int status,
        String detail,
        String code,
        @Nullable List<InvalidField> errors,
        @JsonAnyGetter @Schema(hidden = true) Map<String, Object> facts) {

    /** One thing that is wrong with a body, and where: an RFC 6901 JSON Pointer. */
    record InvalidField(String pointer, String detail) {}

    static final String TYPES = "https://subscription-ledger.dev/problems/";

    static ProblemDetails of(Problem problem, String detail) {
        return new ProblemDetails(
                URI.create(TYPES + problem.code()),
                problem.title(),
                problem.status(),
                detail,
                problem.code(),
                null,
                Map.of());
    }

    static ProblemDetails invalidBody(String pointer, String detail) {
        ProblemDetails problem = of(Problem.INVALID_BODY, pointer.isEmpty() ? detail : pointer + " " + detail);
        return new ProblemDetails(
                problem.type,
                problem.title,
                problem.status,
                problem.detail,
                problem.code,
                List.of(new InvalidField(pointer, detail)),
                Map.of());
    }

    /** The same with the very status that the server answers by itself, such as 414 for an address that is too long. */
    ProblemDetails withStatus(int exact) {
        return new ProblemDetails(type, title, exact, detail, code, errors, facts);
    }

    /** With further members, for problems of which a program needs to know more; in one order, however often it is told. */
    ProblemDetails with(Map<String, Object> more) {
        return new ProblemDetails(type, title, status, detail, code, errors, new TreeMap<>(more));
    }

    /** {@code sentToken}: whoever is not known here has sent a token, so that it is that one which is not good (RFC 6750). */
    ResponseEntity<ProblemDetails> answer(HttpHeaders headers, boolean sentToken) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(status).headers(headers);
        if (status == HttpStatus.SERVICE_UNAVAILABLE.value()) {
            answer.header(HttpHeaders.RETRY_AFTER, "1");
        }
        if (status == HttpStatus.UNAUTHORIZED.value()) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, sentToken ? "Bearer error=\"invalid_token\"" : "Bearer");
        }
        return answer.contentType(MediaType.APPLICATION_PROBLEM_JSON).body(this);
    }
}
