package ledger.query.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import ledger.query.LedgerFeed;
import ledger.query.Lines.Line;
import ledger.query.Lines.Part;
import ledger.query.Lines.Wanted;
import org.springframework.stereotype.Component;

/**
 * Sends events as they come, on the thread of the request: a reader that is slow waits for itself alone, and no longer than
 * the server waits for a socket. While it waits for events or for its reader it holds no connection to the database.
 */
@Component
final class Following {

    private static final int BUFFER = 32 * 1024;
    private static final int AT_ONCE = 1000;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** What comes in such a time is sent together: everybody is woken by every append. */
    private static final Duration ROUND = Duration.ofMillis(5);

    private final Tail tail;
    private final LedgerFeed feed;
    private final OpenStreams streams;
    private final FeedSettings settings;

    Following(Tail tail, LedgerFeed feed, OpenStreams streams, FeedSettings settings) {
        this.tail = tail;
        this.feed = feed;
        this.streams = streams;
        this.settings = settings;
    }

    void follow(Wanted wanted, long after, long most, OutputStream response) throws IOException, InterruptedException {
        OutputStream out = new BufferedOutputStream(response, BUFFER);
        long end = System.nanoTime() + settings.longest().toNanos();
        long position = after;
        long left = most;
        say(out, "retry: 1000\n\n");
        long saidAt = System.nanoTime();
        while (left > 0 && streams.isRunning() && System.nanoTime() < end) {
            Part part = tail.next(wanted, position, (int) Math.min(left, AT_ONCE));
            for (Line line : part.lines()) {
                write(out, line);
            }
            position = part.reached();
            left -= part.lines().size();
            boolean level = position >= feed.head();
            if (level && !part.lines().isEmpty()) {
                out.flush();
                saidAt = System.nanoTime();
            } else if (System.nanoTime() - saidAt > HEARTBEAT.toNanos()) {
                say(out, "id: " + position + "\n\n"); // moves on where it resumes, and finds out whether it is there
                saidAt = System.nanoTime();
            }
            if (level && feed.awaitBeyond(position, 1, TimeUnit.SECONDS)) {
                Thread.sleep(ROUND);
            }
        }
        out.flush();
    }

    private static void write(OutputStream out, Line line) throws IOException {
        out.write(("id: " + line.position() + "\ndata: ").getBytes(UTF_8));
        out.write(line.text());
        out.write('\n');
        out.write('\n');
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(UTF_8));
        out.flush();
    }
}
