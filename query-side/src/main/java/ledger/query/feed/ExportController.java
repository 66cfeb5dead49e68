package ledger.query.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static ledger.http.Headers.LEDGER_POSITION;

import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import ledger.api.AuditEvent.LedgerExported;
import ledger.api.Problem;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.AuditTrail;
import ledger.http.Caller;
import ledger.http.Role;
import ledger.query.Lines;
import ledger.query.Lines.Line;
import ledger.query.Lines.Wanted;
import ledger.query.seal.LeafHashes;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The ledger to take home, as long as it may be. */
@RestController
class ExportController {

    private static final int BUFFER = 64 * 1024;
    private static final int AT_ONCE = 1000;

    /** What an export has for each position. */
    enum Content {
        /** The events of the caller's tenant; positions of others are left out. */
        EVENTS,
        /** The events of the caller's tenant, and for those of others the hashes of their leaves: together the whole tree. */
        SEALED,
        /** The hashes of all leaves. */
        HASHES
    }

    private final Lines lines;
    private final LeafHashes leaves;
    private final OpenStreams streams;
    private final AuditTrail audit;

    ExportController(Lines lines, LeafHashes leaves, OpenStreams streams, AuditTrail audit) {
        this.lines = lines;
        this.leaves = leaves;
        this.streams = streams;
        this.audit = audit;
    }

    /**
     * A line for each event from one position to another: by default from the first to the last one. What was cut off is
     * gone on with by {@code from}. With hashes it ends with the newest checkpoint, if not before.
     */
    @Allowed({Role.AUDITOR, Role.ADMIN})
    @GetMapping(path = "/v1/ledger/export", produces = EventsController.NDJSON)
    @Answers({Problem.NOT_SEALED, Problem.SEAL_DAMAGED, Problem.OVERLOADED})
    void export(
            Caller caller,
            @RequestParam(required = false) @Nullable Long from,
            @RequestParam(required = false) @Nullable Long to,
            @RequestParam(defaultValue = "EVENTS") Content content,
            HttpServletResponse response)
            throws IOException {
        long last = content == Content.EVENTS ? lines.last() : leaves.last();
        long first = from == null ? 1 : from;
        require(first >= 1, "from must be 1 or more");
        long end = to == null ? last : to;
        require(end >= first - 1, "from must not be larger than to, or than the last position (" + last + ")");
        requireThere(end, last, content);
        try (OpenStreams.Place _ = streams.open(caller, response)) {
            audit.record(caller, LedgerExported::new);
            response.setContentType(EventsController.NDJSON);
            response.setHeader(LEDGER_POSITION, Long.toString(end));
            OutputStream out = new BufferedOutputStream(response.getOutputStream(), BUFFER);
            write(new Wanted(caller.tenant(), null, null), content, first - 1, end, out);
            out.flush();
        }
    }

    private void write(Wanted wanted, Content content, long after, long end, OutputStream out) throws IOException {
        long reached = after;
        while (reached < end) {
            if (content == Content.EVENTS) {
                Lines.Part part = lines.next(wanted, reached, end, AT_ONCE);
                for (Line line : part.lines()) {
                    write(out, line.text());
                }
                reached = part.reached();
            } else {
                long upTo = Math.min(end, reached + AT_ONCE);
                List<Line> own = content == Content.HASHES
                        ? List.of()
                        : lines.next(wanted, reached, upTo, AT_ONCE).lines();
                write(out, own, leaves.between(reached, upTo), reached);
                reached = upTo;
            }
        }
    }

    private static void write(OutputStream out, List<Line> own, byte[] hashes, long after) throws IOException {
        Iterator<Line> lines = own.iterator();
        @Nullable Line next = lines.hasNext() ? lines.next() : null;
        for (int i = 0; i < hashes.length / LeafHashes.LENGTH; i++) {
            long position = after + 1 + i;
            if (next != null && next.position() == position) {
                write(out, next.text());
                next = lines.hasNext() ? lines.next() : null;
            } else {
                int at = i * LeafHashes.LENGTH;
                String hash =
                        Base64.getEncoder().encodeToString(Arrays.copyOfRange(hashes, at, at + LeafHashes.LENGTH));
                write(out, ("{\"position\":" + position + ",\"leafHash\":\"" + hash + "\"}").getBytes(UTF_8));
            }
        }
    }

    private static void write(OutputStream out, byte[] line) throws IOException {
        out.write(line);
        out.write('\n');
    }

    private void requireThere(long end, long last, Content content) {
        if (end > last) {
            long all = content == Content.EVENTS ? last : lines.last();
            require(end <= all, "to must not be beyond the ledger, which ends at " + all);
            throw Problem.NOT_SEALED.because("the ledger is sealed up to position " + last);
        }
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw Problem.INVALID_PARAMETER.because(rule);
        }
    }
}
