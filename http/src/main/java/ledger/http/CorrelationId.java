package ledger.http;

import java.util.UUID;
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

    private static CorrelationId random() {
        return new CorrelationId(UUID.randomUUID().toString());
    }
}
