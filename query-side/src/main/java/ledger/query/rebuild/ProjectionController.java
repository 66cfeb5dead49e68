package ledger.query.rebuild;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import ledger.api.Problem;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Caller;
import ledger.http.IdempotencyKey;
import ledger.http.Page;
import ledger.http.Role;
import ledger.query.Generation;
import ledger.query.Progress.Parked;
import ledger.query.Projections.State;
import ledger.query.Projections.Status;
import ledger.query.job.Job;
import ledger.query.rebuild.Keeping.Built;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Projections as those see and keep them who run the cell: they are about all tenants, so for admins of the default one. */
@RestController
@RequestMapping("/v1/admin/projections")
class ProjectionController {

    private final Keeping keeping;

    ProjectionController(Keeping keeping) {
        this.keeping = keeping;
    }

    /**
     * As the node that answers sees it. {@code lagEvents} is how many events it has not taken in, {@code lagSeconds} since when;
     * {@code built} are all its tables there are, those of other versions too.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ProjectionView(
            String name,
            int version,
            State state,
            long position,
            long head,
            long lagEvents,
            double lagSeconds,
            long eventsPerSecond,
            int parked,
            @Nullable String error,
            @Nullable Job lastRebuild,
            @Nullable Job lastDiff,
            List<Built> built) {

        static ProjectionView of(Status status, @Nullable Job rebuild, @Nullable Job diff, List<Built> built) {
            return new ProjectionView(
                    status.name(),
                    status.version(),
                    status.state(),
                    status.position(),
                    status.head(),
                    status.lag(),
                    status.lagMillis() / 1e3,
                    status.eventsPerSecond(),
                    status.parked(),
                    status.error(),
                    rebuild,
                    diff,
                    built);
        }
    }

    @Allowed({Role.AUDITOR, Role.ADMIN})
    @GetMapping
    Page<ProjectionView> all(Caller caller) {
        requireDefault(caller);
        return new Page<>(keeping.status().stream().map(this::view).toList(), null);
    }

    @Allowed({Role.AUDITOR, Role.ADMIN})
    @GetMapping("/{name}")
    @Answers(Problem.PROJECTION_NOT_FOUND)
    ProjectionView one(Caller caller, @PathVariable String name) {
        requireDefault(caller);
        return view(keeping.status(name));
    }

    /** Builds it anew aside, from the first event on, and then serves that; what is served meanwhile is kept to go back to. */
    @Allowed(Role.ADMIN)
    @PostMapping("/{name}/rebuild")
    @ApiResponse(responseCode = "202", description = "It is being done")
    @Answers({Problem.PROJECTION_NOT_FOUND, Problem.JOB_RUNNING})
    ResponseEntity<Job> rebuild(Caller caller, @PathVariable String name, IdempotencyKey key) {
        requireDefault(caller);
        return accepted(keeping.start(Rebuild.KIND, name, caller, key.value()));
    }

    /** Builds it anew aside and compares that with what is served, row by row and at one position; the job's result says how they differ. */
    @Allowed(Role.ADMIN)
    @PostMapping("/{name}/diff")
    @ApiResponse(responseCode = "202", description = "It is being done")
    @Answers({Problem.PROJECTION_NOT_FOUND, Problem.JOB_RUNNING})
    ResponseEntity<Job> diff(Caller caller, @PathVariable String name, IdempotencyKey key) {
        requireDefault(caller);
        return accepted(keeping.start(Diff.KIND, name, caller, key.value()));
    }

    /** Serves again what was served before the last switch, once that has caught up. */
    @Allowed(Role.ADMIN)
    @PostMapping("/{name}/rollback")
    @ApiResponse(responseCode = "202", description = "It is being done")
    @Answers({Problem.PROJECTION_NOT_FOUND, Problem.NO_PREVIOUS, Problem.JOB_RUNNING})
    ResponseEntity<Job> rollback(Caller caller, @PathVariable String name, IdempotencyKey key) {
        requireDefault(caller);
        keeping.requirePrevious(name);
        return accepted(keeping.start(Rollback.KIND, name, caller, key.value()));
    }

    /** Lets go of what was served before, and of older versions that no node follows any more. */
    @Allowed(Role.ADMIN)
    @DeleteMapping("/{name}/previous")
    @ApiResponse(responseCode = "204", description = "It is gone")
    @Answers({Problem.PROJECTION_NOT_FOUND, Problem.NO_PREVIOUS, Problem.JOB_RUNNING})
    ResponseEntity<Void> release(Caller caller, @PathVariable String name) {
        requireDefault(caller);
        keeping.release(name);
        return ResponseEntity.noContent().build();
    }

    /** The streams with an event that could not be taken in, and why; each waits from that position on. */
    @Allowed({Role.AUDITOR, Role.ADMIN})
    @GetMapping("/{name}/parked")
    @Answers(Problem.PROJECTION_NOT_FOUND)
    Page<Parked> parked(Caller caller, @PathVariable String name) {
        requireDefault(caller);
        return new Page<>(keeping.parked(name), null);
    }

    /** Takes in what the stream has waited with, after what was wrong has been put right. */
    @Allowed(Role.ADMIN)
    @PostMapping("/{name}/parked/{streamId}/retry")
    @ApiResponse(responseCode = "204", description = "It waits no more")
    @Answers({Problem.PROJECTION_NOT_FOUND, Problem.NOT_FOUND, Problem.STILL_PARKED})
    ResponseEntity<Void> retry(Caller caller, @PathVariable String name, @PathVariable UUID streamId) {
        requireDefault(caller);
        keeping.retry(name, streamId);
        return ResponseEntity.noContent().build();
    }

    private ProjectionView view(Status status) {
        Generation served = keeping.served(status.name());
        return ProjectionView.of(
                status,
                keeping.last(Rebuild.KIND, served),
                keeping.last(Diff.KIND, served),
                keeping.built(status.name()));
    }

    private static ResponseEntity<Job> accepted(Job job) {
        return ResponseEntity.accepted()
                .location(URI.create("/v1/admin/jobs/" + job.jobId()))
                .body(job);
    }

    private static void requireDefault(Caller caller) {
        if (!caller.tenant().equals(Caller.DEFAULT_TENANT)) {
            throw Problem.FORBIDDEN.because("projections are of all tenants, so the default one's admins keep them");
        }
    }
}
