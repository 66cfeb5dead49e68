package ledger.http;

import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import ledger.api.Problem;
import ledger.api.Rejected;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** A bucket of tokens for each of many clients: {@code most} at once, and refilled evenly over {@code window}. */
public final class Buckets {

    private static final int CLIENTS = 100_000;

    private final String name;
    private final String policy;
    private final LoadingCache<Object, Bucket> buckets;

    public Buckets(String name, int most, Duration window) {
        this.name = "\"" + name + "\"";
        this.policy = this.name + ";q=" + most + ";w=" + window.toSeconds();
        this.buckets = Caches.builder()
                .maximumSize(CLIENTS)
                .expireAfterAccess(window)
                .build(_ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(most).refillGreedy(most, window))
                        .build());
    }

    /** Takes one and says in the answer's headers how many are left; the refusal where there is none, else null. */
    public @Nullable Rejected take(Object client, HttpServletResponse response) {
        ConsumptionProbe probe = buckets.get(client).tryConsumeAndReturnRemaining(1);
        response.setHeader("RateLimit-Policy", policy);
        response.setHeader(
                "RateLimit",
                name + ";r=" + probe.getRemainingTokens() + ";t=" + seconds(probe.getNanosToWaitForReset()));
        if (probe.isConsumed()) {
            return null;
        }
        long wait = Math.max(1, seconds(probe.getNanosToWaitForRefill()));
        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(wait));
        return Problem.RATE_LIMITED.because("try again in " + wait + " s");
    }

    /** Takes one or throws the refusal. */
    public void require(Object client, HttpServletResponse response) {
        Rejected tooMany = take(client, response);
        if (tooMany != null) {
            throw tooMany;
        }
    }

    /** It was not to be counted. */
    public void giveBack(Object client) {
        buckets.get(client).addTokens(1);
    }

    private static long seconds(long nanos) {
        return Duration.ofNanos(nanos).plusMillis(999).toSeconds();
    }
}
