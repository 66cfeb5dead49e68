package ledger.http;

/** The names of the headers that the ledger gives a meaning to, beside those of HTTP. */
public final class Headers {

    /** On answers: the position of the last event they know of. On requests: how new a view must be at least. */
    public static final String LEDGER_POSITION = "Ledger-Position";

    /** On every POST: repeated with the same key, a request is answered again and not done again. */
    public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /** Connects everything that happens because of one request; 1 to 128 printable ASCII characters. */
    public static final String CORRELATION_ID = "X-Correlation-Id";

    private Headers() {}
}
