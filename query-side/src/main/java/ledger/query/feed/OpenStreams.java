package ledger.query.feed;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import ledger.api.Problem;
import ledger.api.TenantId;
import ledger.http.Caller;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Counts the streams that are open on this node, refuses those that are too many, and tells all to end before the node does. */
@Component
final class OpenStreams implements SmartLifecycle {

    private record Reader(TenantId tenant, String actor) {}

    /** A stream, as long as it is open. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    private final FeedSettings settings;
    private final Semaphore places;
    private final Map<Reader, Integer> readers = new ConcurrentHashMap<>();
    private volatile boolean running;

    OpenStreams(FeedSettings settings) {
        this.settings = settings;
        this.places = new Semaphore(settings.streams());
    }

    Place open(Caller caller, HttpServletResponse response) {
        if (!places.tryAcquire()) {
            throw Problem.OVERLOADED.because("this node serves " + settings.streams() + " streams already");
        }
        Reader reader = new Reader(caller.tenant(), caller.actor());
        if (readers.merge(reader, 1, Integer::sum) > settings.streamsOfOne()) {
            leave(reader);
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
            throw Problem.RATE_LIMITED.because("at most " + settings.streamsOfOne() + " streams may be open at once");
        }
        return () -> leave(reader);
    }

    private void leave(Reader reader) {
        readers.computeIfPresent(reader, (_, open) -> open == 1 ? null : open - 1);
        places.release();
    }

    /** Whether streams may go on. */
    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public void start() {
        running = true;
    }

    /** Before the server waits for its requests to end: those that follow live would not. */
    @Override
    public void stop() {
        running = false;
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
