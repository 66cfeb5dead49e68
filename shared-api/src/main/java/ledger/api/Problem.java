package ledger.api;

import java.util.Map;

/** Every way in which a request can be refused: its stable code, HTTP status and title. */
public enum Problem {
    INVALID_REQUEST("invalid-request", 400, "The request is not valid"),
    MALFORMED_JSON("malformed-json", 400, "The body is not valid JSON"),
    INVALID_BODY("invalid-body", 400, "The body is not valid"),
    UNKNOWN_PARAMETER("unknown-parameter", 400, "Unknown query parameter"),
    INVALID_PARAMETER("invalid-parameter", 400, "A parameter is not valid"),
    INVALID_CURSOR("invalid-cursor", 400, "The cursor was not issued for this list"),
    AS_OF_IN_FUTURE("as-of-in-future", 400, "What will hold is not known yet"),
    KNOWN_IN_FUTURE("known-in-future", 400, "What will be known is not known yet"),
    KNOWN_BEFORE_AS_OF("known-before-as-of", 400, "Nothing was known of that time then"),
    UNAUTHENTICATED("unauthenticated", 401, "The request needs a valid token"),
    WRONG_CREDENTIALS("wrong-credentials", 401, "There is no such account, password or refresh token"),
    FORBIDDEN("forbidden", 403, "The caller's roles do not allow this"),
    NOT_FOUND("not-found", 404, "There is nothing here"),
    SUBSCRIPTION_NOT_FOUND("subscription-not-found", 404, "There is no such subscription"),
    PLAN_NOT_FOUND("plan-not-found", 404, "There is no such plan"),
    PROJECTION_NOT_FOUND("projection-not-found", 404, "There is no such projection"),
    JOB_NOT_FOUND("job-not-found", 404, "There is no such job"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "This address does not take that method"),
    NOT_ACCEPTABLE("not-acceptable", 406, "No representation that the client accepts"),
    SUBSCRIPTION_EXISTS("subscription-exists", 409, "A subscription with this id exists"),
    REFERENCE_TAKEN("reference-taken", 409, "Another subscription has this reference"),
    LIVE_SUBSCRIPTION_EXISTS(
            "live-subscription-exists", 409, "The customer's live subscriptions of this product are at their bound"),
    SUBSCRIPTION_ENDED("subscription-ended", 409, "The subscription has ended"),
    SUBSCRIPTION_CANCELED("subscription-canceled", 409, "The subscription was canceled"),
    SUBSCRIPTION_PAUSED("subscription-paused", 409, "The subscription is paused"),
    CANCELLATION_SCHEDULED("cancellation-scheduled", 409, "The subscription is scheduled to end"),
    RENEWS_AUTOMATICALLY("renews-automatically", 409, "The subscription renews by itself"),
    NEXT_PERIOD_BOUGHT("next-period-bought", 409, "The next period is bought already"),
    NOT_DUE("not-due", 409, "The subscription is not over"),
    ALREADY_CORRECTED("already-corrected", 409, "The event was corrected otherwise"),
    PLAN_EXISTS("plan-exists", 409, "A plan with this slug exists"),
    PLAN_RETIRED("plan-retired", 409, "The plan takes no new subscriptions"),
    CONFLICT("conflict", 409, "Others changed the same thing at the same time, again and again"),
    EMAIL_TAKEN("email-taken", 409, "There is an account with this e-mail address"),
    CLIENT_EXISTS("client-exists", 409, "There is a client with this id"),
    CLOCK_IS_LIVE("clock-is-live", 409, "The tenant lives in real time"),
    CLOCK_IS_SET("clock-is-set", 409, "The tenant lives by this clock already"),
    CLOCK_WENT_BACK("clock-went-back", 409, "A clock only moves forward"),
    JOB_RUNNING("job-running", 409, "Another job is at the same thing"),
    JOB_FINISHED("job-finished", 409, "The job has finished"),
    NO_PREVIOUS("no-previous", 409, "There is no previous one to go back to, or to let go"),
    STILL_PARKED("still-parked", 409, "The event still cannot be taken in"),
    LIMIT_EXCEEDED("limit-exceeded", 409, "The plan's limit does not allow it"),
    NOT_TAKEN("not-taken", 409, "More would be given back than was taken"),
    NOT_SEALED("not-sealed", 409, "The ledger is not sealed that far yet"),
    NOT_LIVE("not-live", 409, "The subscription was not live at that time"),
    VERSION_MISMATCH("version-mismatch", 412, "It is no longer at the version that the request expects"),
    BODY_TOO_LARGE("body-too-large", 413, "The body is larger than 256 KiB"),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "The body must be JSON"),
    UNKNOWN_PLAN("unknown-plan", 422, "The catalogue has no such plan"),
    NO_PRICE_FOR_TERM("no-price-for-term", 422, "The plan has no price for this term"),
    OTHER_PRODUCT("other-product", 422, "The plan belongs to another product"),
    OTHER_CURRENCY("other-currency", 422, "The price or amount is in another currency"),
    START_IN_FUTURE("start-in-future", 422, "A subscription cannot start in the future"),
    START_TOO_EARLY("start-too-early", 422, "A subscription cannot start so many periods ago"),
    RESUME_NOT_IN_FUTURE("resume-not-in-future", 422, "A pause must end in the future"),
    UNKNOWN_VERSION("unknown-version", 422, "The subscription has no event of that version"),
    CREDIT_TOO_LARGE("credit-too-large", 422, "More cannot be credited than was charged"),
    HAPPENED_IN_FUTURE("happened-in-future", 422, "What was corrected cannot have happened in the future"),
    UNKNOWN_METRIC("unknown-metric", 422, "The subscription's plan has no such metric"),
    NOT_AN_ALLOCATION("not-an-allocation", 422, "What is counted per period is not given back"),
    USAGE_IN_FUTURE("usage-in-future", 422, "Usage cannot be recorded before it happens"),
    AMOUNT_TOO_LARGE("amount-too-large", 422, "The amount exceeds what can be charged"),
    IDEMPOTENCY_KEY_REUSED("idempotency-key-reused", 422, "The idempotency key belongs to another request"),
    RATE_LIMITED("rate-limited", 429, "Too many requests"),
    HEADERS_TOO_LARGE("headers-too-large", 431, "The headers are more than 100, or with the address more than 16 KiB"),
    INTERNAL_ERROR("internal-error", 500, "The ledger failed to answer"),
    OVERLOADED("overloaded", 503, "The ledger is at its limit"),
    STILL_ADVANCING("still-advancing", 503, "The clock is on its way, and has not come that far"),
    SEAL_DAMAGED("seal-damaged", 503, "What was sealed is not there as it was: have the stored events verified"),
    VIEW_BEHIND("view-behind", 503, "The view has not yet reached the position asked for"),
    UNAVAILABLE("unavailable", 503, "The ledger cannot reach its database");

    private final String code;
    private final int status;
    private final String title;

    Problem(String code, int status, String title) {
        this.code = code;
        this.status = status;
        this.title = title;
    }

    public String code() {
        return code;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    public Rejected because(String detail) {
        return new Rejected(this, detail, Map.of());
    }

    /** With what a program needs to know about the case: members of the problem's JSON beside the standard ones. */
    public Rejected because(String detail, Map<String, Object> facts) {
        return new Rejected(this, detail, facts);
    }
}
