package ledger.http;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonValue;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.RecordComponent;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Map;
import java.util.stream.Collectors;
import ledger.api.InvalidField;
import ledger.api.PlanSlug;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.api.SubscriptionId;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.validation.BindException;
import org.springframework.validation.FieldError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.util.DisconnectedClientHelper;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Turns whatever went wrong into one kind of answer. What the client cannot know or change is logged, never told. */
@RestController
@RestControllerAdvice
class Problems implements ErrorController {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    // What a path cannot name does not exist, so that an id of the wrong form is answered like one that nobody has.
    private static final Map<Class<?>, Problem> NOT_FOUND =
            Map.of(SubscriptionId.class, Problem.SUBSCRIPTION_NOT_FOUND, PlanSlug.class, Problem.PLAN_NOT_FOUND);

    @ExceptionHandler
    @Nullable
    ResponseEntity<ProblemDetails> problem(
            Exception exception, HttpServletRequest request, HttpServletResponse response) throws Exception {
        if (DisconnectedClientHelper.isClientDisconnectedException(exception)) {
            return null; // nobody is there to be answered
        }
        if (response.isCommitted()) {
            throw exception; // in the middle of a stream: the server cuts the connection, so that it is not taken for
            // whole
        }
        HttpHeaders headers = exception instanceof ErrorResponse known ? known.getHeaders() : HttpHeaders.EMPTY;
        ProblemDetails problem = describe(exception);
        EvenTime.await(request, problem.code());
        return problem.answer(headers, Tokens.areSent(request));
    }

    /** Where the servlet container reports what went wrong outside of any controller. */
    @RequestMapping("${spring.web.error.path:/error}")
    @Allowed(Role.ANONYMOUS)
    @Nullable
    ResponseEntity<ProblemDetails> error(HttpServletRequest request, HttpServletResponse response) {
        if (response.isCommitted()) {
            return null;
        }
        boolean reported = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) != null;
        int status = reported ? (int) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) : 404;
        return ofStatus(status).answer(HttpHeaders.EMPTY, Tokens.areSent(request));
    }

    static ProblemDetails ofStatus(int status) {
        Problem problem = switch (status) {
            case 401 -> Problem.UNAUTHENTICATED;
            case 403 -> Problem.FORBIDDEN;
            case 404 -> Problem.NOT_FOUND;
            case 405 -> Problem.METHOD_NOT_ALLOWED;
            case 406 -> Problem.NOT_ACCEPTABLE;
            case 413 -> Problem.BODY_TOO_LARGE;
            case 415 -> Problem.UNSUPPORTED_MEDIA_TYPE;
            case 429 -> Problem.RATE_LIMITED;
            case 431 -> Problem.HEADERS_TOO_LARGE;
            case 503 -> Problem.OVERLOADED;
            case 500 -> Problem.INTERNAL_ERROR;
            default -> Problem.INVALID_REQUEST;
        };
        return ProblemDetails.of(problem, problem.title()).withStatus(status);
    }

    private static ProblemDetails describe(Exception exception) {
        Rejected rejected = causeOf(exception, Rejected.class);
        if (rejected != null) {
            return ProblemDetails.of(rejected.problem(), rejected.detail()).with(rejected.facts());
        }
        return switch (exception) {
            case HttpMessageNotReadableException unreadable -> body(unreadable);
            case InvalidField part -> // of a value that the controller made from the body
                ProblemDetails.invalidBody("/" + part.field(), requireNonNullElse(part.getMessage(), "is not valid"));
            case MethodArgumentTypeMismatchException mismatch -> argument(mismatch);
            case BindException invalid -> parameters(invalid);
            case ServletRequestBindingException missing ->
                ProblemDetails.of(
                        Problem.INVALID_PARAMETER,
                        requireNonNullElse(missing.getBody().getDetail(), "a parameter is missing"));
            case RequestRejectedException _ -> // of a name or value that is looked at only now
                ProblemDetails.of(Problem.INVALID_REQUEST, "a name or a value contains characters that it must not");
            case InvalidMimeTypeException _ -> ofStatus(406); // where what is accepted is read by the framework alone
            case InvalidParameterException _ ->
                ProblemDetails.of(Problem.INVALID_PARAMETER, "the query cannot be decoded");
            case ErrorResponse known
            when known.getStatusCode().is4xxClientError() ->
                ofStatus(known.getStatusCode().value());
            default -> failure(exception);
        };
    }

    private static ProblemDetails body(HttpMessageNotReadableException unreadable) {
        JacksonException json = causeOf(unreadable, JacksonException.class);
        return switch (json) {
            case null -> ProblemDetails.of(Problem.MALFORMED_JSON, "the body is missing or cannot be read");
            case InputCoercionException tooLarge ->
                ProblemDetails.invalidBody(pointer(tooLarge), "is out of the range of whole numbers");
            case StreamConstraintsException _ ->
                ProblemDetails.of(
                        Problem.MALFORMED_JSON,
                        "the body is nested too deeply, or a number or a name in it is too long");
            case MismatchedInputException trailing
            when trailing.getOriginalMessage().startsWith("Trailing ") ->
                ProblemDetails.of(Problem.MALFORMED_JSON, "something follows the end of the body" + place(trailing));
            case DatabindException invalid -> ProblemDetails.invalidBody(where(invalid), wrong(invalid));
            case StreamReadException doubled
            when doubled.getOriginalMessage().startsWith("Duplicate ") ->
                ProblemDetails.of(Problem.MALFORMED_JSON, "a field is given twice" + place(doubled));
            default -> ProblemDetails.of(Problem.MALFORMED_JSON, "the body is not valid JSON" + place(json));
        };
    }

    private static String wrong(DatabindException invalid) {
        IllegalArgumentException refused = causeOf(invalid, IllegalArgumentException.class);
        String words = refused == null ? null : refused.getMessage();
        if (words != null) {
            return words;
        }
        return switch (invalid) {
            case UnrecognizedPropertyException _ -> "is unknown";
            case InvalidNullException _ -> "is required";
            case MismatchedInputException mismatch -> expected(mismatch.getTargetType());
            default -> "is not valid";
        };
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "is not valid";
        }
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "must be a whole number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "must be true or false";
        }
        if (type == String.class) {
            return "must be a string";
        }
        RecordComponent[] components = type.getRecordComponents();
        if (components != null
                && components.length == 1
                && components[0].getAccessor().isAnnotationPresent(JsonValue.class)) {
            return expected(components[0].getType()); // a value that is written as what it wraps
        }
        return Iterable.class.isAssignableFrom(type) ? "must be an array" : "must be an object";
    }

    private static String where(DatabindException invalid) {
        InvalidField part = causeOf(invalid, InvalidField.class);
        return pointer(invalid) + (part == null ? "" : "/" + part.field());
    }

    private static String pointer(JacksonException exception) {
        return exception.getPath().stream()
                .map(step -> step.getPropertyName() == null ? String.valueOf(step.getIndex()) : step.getPropertyName())
                .map(step -> "/" + step.replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining());
    }

    private static String place(JacksonException malformed) {
        return malformed.getLocation() == null
                ? ""
                : " (line %d, column %d)"
                        .formatted(
                                malformed.getLocation().getLineNr(),
                                malformed.getLocation().getColumnNr());
    }

    private static ProblemDetails argument(MethodArgumentTypeMismatchException mismatch) {
        Problem problem = mismatch.getParameter().hasParameterAnnotation(PathVariable.class)
                ? NOT_FOUND.getOrDefault(mismatch.getRequiredType(), Problem.NOT_FOUND)
                : Problem.INVALID_PARAMETER;
        return ProblemDetails.of(problem, mismatch.getName() + " " + wrong(mismatch, mismatch.getRequiredType()));
    }

    private static ProblemDetails parameters(BindException invalid) {
        FieldError field = invalid.getFieldError();
        if (field == null) {
            return ProblemDetails.of(Problem.INVALID_PARAMETER, Problem.INVALID_PARAMETER.title());
        }
        TypeMismatchException mismatch =
                field.contains(TypeMismatchException.class) ? field.unwrap(TypeMismatchException.class) : null;
        return ProblemDetails.of(
                Problem.INVALID_PARAMETER,
                field.getField() + " "
                        + (mismatch == null ? "is not valid" : wrong(mismatch, mismatch.getRequiredType())));
    }

    private static String wrong(TypeMismatchException mismatch, @Nullable Class<?> type) {
        for (Scalar<?> scalar : Scalar.ALL) {
            if (scalar.type() == type) {
                return scalar.expected(); // and not what the platform's own editor says, which is asked last
            }
        }
        IllegalArgumentException refused = causeOf(mismatch, IllegalArgumentException.class);
        return refused == null || refused instanceof NumberFormatException || type == Boolean.class
                ? expected(type)
                : requireNonNullElse(refused.getMessage(), expected(type));
    }

    private static ProblemDetails failure(Exception exception) {
        String correlation = CorrelationId.current().value();
        SQLException sql = causeOf(exception, SQLException.class);
        if (sql != null && isOutage(sql)) {
            LOG.warn("Request {}: the database is not available: {}", correlation, sql.getMessage());
            return ProblemDetails.of(Problem.UNAVAILABLE, "try again later");
        }
        LOG.error("Request {} failed", correlation, exception);
        return ProblemDetails.of(Problem.INTERNAL_ERROR, "the failure is logged under correlation id " + correlation);
    }

    private static boolean isOutage(SQLException sql) {
        String state = requireNonNullElse(sql.getSQLState(), "");
        return sql instanceof SQLTransientException
                || sql instanceof SQLRecoverableException
                || sql instanceof SQLNonTransientConnectionException
                || state.startsWith("08") // connection exception
                || state.startsWith("53") // insufficient resources
                || state.startsWith("57P") // shutting down, crashed, starting up
                || state.equals("25006") // read-only: a standby that is not yet promoted
                || state.equals("3F000") // no schema, or no table or function in it: not migrated yet
                || state.equals("42P01")
                || state.equals("42883");
    }

    private static <T extends Throwable> @Nullable T causeOf(Throwable exception, Class<T> type) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
