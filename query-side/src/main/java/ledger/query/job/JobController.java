package ledger.query.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import ledger.api.Problem;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Caller;
import ledger.http.Cursor;
import ledger.http.Page;
import ledger.http.Role;
import ledger.query.job.Job.State;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Jobs as their admins see and steer them: those of the caller's tenant, and for the default tenant, which runs the cell, all. */
@RestController
@RequestMapping("/v1/admin/jobs")
class JobController {

    private static final String LIST = "jobs";
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final int LOOKS_PER_SIGN_OF_LIFE = 40;

    private final Jobs jobs;
    private final JsonMapper json;
    private final CountDownLatch closing = new CountDownLatch(1);

    JobController(Jobs jobs, JsonMapper json) {
        this.jobs = jobs;
        this.json = json;
    }

    /** The newest first. */
    @Allowed({Role.AUDITOR, Role.ADMIN})
    @GetMapping
    @Answers(Problem.INVALID_CURSOR)
    Page<Job> list(
            Caller caller,
            @RequestParam(required = false) @Nullable State state,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        int most = Page.limit(limit);
        Instant before = Cursor.read(LIST, cursor, key -> Cursor.instant(key.getFirst()));
        List<Job> found = jobs.list(caller.tenant(), state, before, most + 1);
        return Page.of(found, most, job -> job, job -> Cursor.of(LIST, job.startedAt()));
    }

    /** As it is now; with {@code Accept: text/event-stream} also whenever that changes, until it has finished. */
    @Allowed({Role.AUDITOR, Role.ADMIN})
    @GetMapping(
            path = "/{id}",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
    @Answers(Problem.JOB_NOT_FOUND)
    @Nullable
    ResponseEntity<Job> one(
            Caller caller,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.ACCEPT, required = false) @Nullable String accept,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        Job job = jobs.find(caller.tenant(), id);
        if (accept == null || !accept.contains(MediaType.TEXT_EVENT_STREAM_VALUE)) {
            return ResponseEntity.ok(job);
        }
        follow(caller, job, response);
        return null;
    }

    @Allowed(Role.ADMIN)
    @PostMapping("/{id}/pause")
    @Answers({Problem.JOB_NOT_FOUND, Problem.JOB_FINISHED})
    Job pause(Caller caller, @PathVariable UUID id) {
        return jobs.pause(caller.tenant(), id);
    }

    /** It goes on from its last checkpoint. */
    @Allowed(Role.ADMIN)
    @PostMapping("/{id}/resumption")
    @Answers({Problem.JOB_NOT_FOUND, Problem.JOB_FINISHED})
    Job resume(Caller caller, @PathVariable UUID id) {
        return jobs.resume(caller.tenant(), id);
    }

    /** What it has begun is cleared away. */
    @Allowed(Role.ADMIN)
    @PostMapping("/{id}/cancellation")
    @Answers({Problem.JOB_NOT_FOUND, Problem.JOB_FINISHED})
    Job cancel(Caller caller, @PathVariable UUID id) {
        return jobs.cancel(caller.tenant(), id);
    }

    @EventListener(ContextClosedEvent.class)
    void letGoOfFollowers() {
        closing.countDown();
    }

    /** On the request's own thread, which costs nothing while it waits. */
    private void follow(Caller caller, Job first, HttpServletResponse response)
            throws IOException, InterruptedException {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        Job shown = first;
        send(response, event(shown));
        for (int look = 1; !shown.state().isFinished(); look++) {
            if (closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                return; // the client asks another node
            }
            Job now = jobs.find(caller.tenant(), shown.jobId());
            if (!isAlike(now, shown)) {
                send(response, event(now));
                shown = now;
            } else if (look % LOOKS_PER_SIGN_OF_LIFE == 0) {
                send(response, ": still " + now.state() + "\n\n"); // finds out whether somebody is there
            }
        }
    }

    private static boolean isAlike(Job now, Job shown) {
        return now.state() == shown.state() && now.done() == shown.done() && now.total() == shown.total();
    }

    private String event(Job job) {
        return "event: job\ndata: " + json.writeValueAsString(job) + "\n\n";
    }

    private static void send(HttpServletResponse response, String text) throws IOException {
        response.getOutputStream().write(text.getBytes(UTF_8));
        response.flushBuffer();
    }
}
