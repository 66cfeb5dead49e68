package ledger.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import ledger.api.Rejected;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How many requests each client may send: a token bucket for each subject of a tenant, and for each address of those without
 * a token. Each node counts for itself, so a client that spreads over N nodes has N times as much.
 */
final class Throttle {

    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** Requests a minute; 0 is no bound. */
    @ConfigurationProperties("ledger.rates")
    record Rates(int anonymousPerMinute, int userPerMinute) {}

    private final @Nullable Buckets anonymous;
    private final @Nullable Buckets users;

    Throttle(Rates rates) {
        anonymous = rates.anonymousPerMinute > 0 ? new Buckets("anonymous", rates.anonymousPerMinute, WINDOW) : null;
        users = rates.userPerMinute > 0 ? new Buckets("user", rates.userPerMinute, WINDOW) : null;
    }

    /** Counts the request of this thread's caller; the refusal when it is one too many, else null. */
    @Nullable
    Rejected count(HttpServletRequest request, HttpServletResponse response) {
        Caller caller = Caller.current();
        boolean isKnown = caller != null && !caller.isAnonymous();
        Buckets buckets = isKnown ? users : anonymous;
        if (buckets == null) {
            return null;
        }
        return buckets.take(isKnown ? new Subject(caller) : request.getRemoteAddr(), response);
    }

    private record Subject(String tenant, String actor) {
        Subject(@Nullable Caller caller) {
            this(caller == null ? "" : caller.tenant().value(), caller == null ? "" : caller.actor());
        }
    }
}
