package ledger.query.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static ledger.http.Headers.LEDGER_POSITION;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import ledger.api.EventTypes;
import ledger.api.Problem;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Caller;
import ledger.http.Page;
import ledger.http.Role;
import ledger.query.Lines;
import ledger.query.Lines.Line;
import ledger.query.Lines.Part;
import ledger.query.Lines.Wanted;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** The events of a tenant in the order of their commits, without gaps, from any position on. */
@RestController
class EventsController {

    static final String NDJSON = "application/x-ndjson";

    private static final List<MediaType> FORMS =
            List.of(MediaType.APPLICATION_JSON, MediaType.parseMediaType(NDJSON), MediaType.TEXT_EVENT_STREAM);

    /** A page looks at so many parts of the ledger and then says how far it has come, even if it has found nothing. */
    private static final int LOOKS = 10;

    private final Lines lines;
    private final Following following;
    private final OpenStreams streams;
    private final Visits visits;

    EventsController(Lines lines, Following following, OpenStreams streams, Visits visits) {
        this.lines = lines;
        this.following = following;
        this.streams = streams;
        this.visits = visits;
    }

    /** {@code after} is a position: the last one seen. */
    record Query(
            @Nullable Long after,

            @Schema(description = "At most so many events; of a page 1 to 200, default 50") @Nullable
            Integer limit,

            @Nullable String type,
            @Nullable UUID streamId) {}

    /**
     * As a page, {@code position} says how far it has looked: use it as {@code after} to go on, at once where there is a
     * {@code nextCursor}, which is the same. As NDJSON all events there are. As server-sent events all there are and then those
     * that come; the id of each is its position, so that a reader who comes back sends it as {@code Last-Event-ID}.
     */
    @Allowed({Role.AUDITOR, Role.ADMIN})
    @GetMapping(
            path = "/v1/ledger/events",
            produces = {MediaType.APPLICATION_JSON_VALUE, NDJSON, MediaType.TEXT_EVENT_STREAM_VALUE})
    @Answers(Problem.OVERLOADED)
    void events(
            Caller caller,
            @ModelAttribute Query query,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            @RequestHeader(name = "Accept", required = false) @Nullable String accept,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        Wanted wanted = new Wanted(caller.tenant(), known(query.type), query.streamId);
        MediaType form = form(accept);
        long last = lines.last();
        long after = after(lastEventId == null ? query.after : Long.valueOf(position(lastEventId)), last);
        response.setContentType(form.toString());
        response.setCharacterEncoding("UTF-8");
        if (form.equals(MediaType.APPLICATION_JSON)) {
            int limit = Page.limit(query.limit);
            visits.record(caller);
            page(wanted, after, last, limit, response);
            return;
        }
        long most = most(query.limit);
        try (OpenStreams.Place _ = streams.open(caller, response)) {
            visits.record(caller);
            if (form.equals(MediaType.TEXT_EVENT_STREAM)) {
                response.setHeader("X-Accel-Buffering", "no"); // to a proxy on the way
                following.follow(wanted, after, most, response.getOutputStream());
            } else {
                all(wanted, after, last, most, response);
            }
        }
    }

    private void page(Wanted wanted, long after, long last, int limit, HttpServletResponse response)
            throws IOException {
        List<Line> found = new ArrayList<>();
        long reached = after;
        for (int look = 0; look < LOOKS && reached < last && found.size() < limit; look++) {
            Part part = lines.next(wanted, reached, last, limit - found.size());
            found.addAll(part.lines());
            reached = part.reached();
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("{\"items\":[".getBytes(UTF_8));
        String separator = "";
        for (Line line : found) {
            body.writeBytes(separator.getBytes(UTF_8));
            body.writeBytes(line.text());
            separator = ",";
        }
        String next = reached < last ? ",\"nextCursor\":\"" + reached + "\"" : "";
        body.writeBytes(("],\"position\":" + reached + next + "}").getBytes(UTF_8));
        response.setHeader(LEDGER_POSITION, Long.toString(reached));
        response.setContentLength(body.size());
        body.writeTo(response.getOutputStream());
    }

    private void all(Wanted wanted, long after, long last, long most, HttpServletResponse response) throws IOException {
        response.setHeader(LEDGER_POSITION, Long.toString(last));
        long left = most;
        for (long reached = after; reached < last && left > 0 && streams.isRunning(); ) {
            Part part = lines.next(wanted, reached, last, (int) Math.min(left, Integer.MAX_VALUE));
            for (Line line : part.lines()) {
                response.getOutputStream().write(line.text());
                response.getOutputStream().write('\n');
            }
            left -= part.lines().size();
            reached = part.reached();
        }
    }

    private static @Nullable String known(@Nullable String type) {
        if (type != null && !EventTypes.names().contains(type)) {
            throw Problem.INVALID_PARAMETER.because("type must be one of " + String.join(", ", EventTypes.names()));
        }
        return type;
    }

    private static long position(String lastEventId) {
        try {
            return Long.parseLong(lastEventId);
        } catch (NumberFormatException _) {
            throw Problem.INVALID_PARAMETER.because("Last-Event-ID must be the id of an event: its position");
        }
    }

    /** Whoever has seen more than there is has seen another ledger, and must not wait for this one to grow. */
    private static long after(@Nullable Long asked, long last) {
        long after = asked == null ? 0 : asked;
        if (after < 0 || after > last) {
            throw Problem.INVALID_PARAMETER.because(
                    "a reader goes on from 0 to " + last + ", where the ledger ends, and not from " + after);
        }
        return after;
    }

    private static long most(@Nullable Integer limit) {
        if (limit != null && limit < 1) {
            throw Problem.INVALID_PARAMETER.because("limit must be 1 or more");
        }
        return limit == null ? Long.MAX_VALUE : limit;
    }

    /** The first that the client prefers; it has been refused already if it accepts none of them. */
    private static MediaType form(@Nullable String accept) {
        List<MediaType> accepted = new ArrayList<>(MediaType.parseMediaTypes(accept));
        MimeTypeUtils.sortBySpecificity(accepted);
        return accepted.stream()
                .flatMap(wanted -> FORMS.stream().filter(wanted::includes))
                .findFirst()
                .orElse(MediaType.APPLICATION_JSON);
    }
}
