package ledger.http;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** What connects everything that happens because of one request: its log lines, its events and its answer. */
public record CorrelationId(String value) {

    private static final String KEY = "correlationId";
    private static final String TENANT = "tenant";

    /** That of the request which this thread serves; a new one where it serves none. */
    public static CorrelationId current() {
        String current = MDC.get(KEY);
        return current == null ? random() : new CorrelationId(current);
    }

    /** What the client sent, unless it is not fit to be logged and echoed. */
    static CorrelationId of(@Nullable String sent) {
        return sent != null && isFit(sent) ? new CorrelationId(sent) : random();
    }

    private static boolean isFit(String sent) {
        return !sent.isEmpty() && sent.length() <= 128 && sent.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    void enter() {
        MDC.put(KEY, value);
    }

    /** Whom it is about, once that is known. */
    static void tell(Caller caller) {
        MDC.put(TENANT, caller.tenant().value());
    }

    static void leave() {
        MDC.remove(KEY);
        MDC.remove(TENANT);
    }

    /** A random UUID that is no secret: every request has one, and the system's source of secrets is slow. */
    private static CorrelationId random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = random.nextLong() & ~0xF000L | 0x4000;
        long low = random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new CorrelationId(new UUID(high, low).toString());
    }
}
