package ledger.query.seal;

import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import ledger.api.Problem;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Caller;
import ledger.http.IdempotencyKey;
import ledger.http.Page;
import ledger.http.Role;
import ledger.query.Lines;
import ledger.query.job.Job;
import ledger.query.job.Jobs;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What shows that nothing in the ledger was altered, to whoever kept an earlier checkpoint. */
@RestController
class SealController {

    private static final String TEXT = "text/plain;charset=UTF-8";
    private static final MediaType NOTE = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

    private final SealTables tables;
    private final Lines lines;
    private final Jobs jobs;

    SealController(SealTables tables, Lines lines, Jobs jobs) {
        this.tables = tables;
        this.lines = lines;
        this.jobs = jobs;
    }

    /**
     * Compares all stored events with the hashes that were sealed, these with all checkpoints, and verifies their signatures. The
     * job's result says whether all is intact, or the first position that differs.
     */
    @Allowed({Role.AUDITOR, Role.ADMIN})
    @PostMapping("/v1/ledger/verification")
    @ApiResponse(responseCode = "202", description = "It is being done")
    @Answers({Problem.NOT_SEALED, Problem.JOB_RUNNING})
    ResponseEntity<Job> verification(Caller caller, IdempotencyKey key) {
        newest();
        Job job = jobs.submit(Verification.KIND, Verification.SUBJECT, caller, key.value());
        return ResponseEntity.accepted()
                .location(URI.create("/v1/admin/jobs/" + job.jobId()))
                .body(job);
    }

    /** The newest checkpoint: a signed note (c2sp.org/tlog-checkpoint) with the origin, the number of events and the root. */
    @Allowed({Role.AUDITOR, Role.ADMIN})
    @GetMapping(
            path = "/v1/ledger/checkpoint",
            produces = {TEXT, MediaType.ALL_VALUE})
    @Answers(Problem.NOT_SEALED)
    ResponseEntity<String> checkpoint() {
        return text(newest().note());
    }

    /** The checkpoints of more than {@code after} events, oldest first, an empty line after each. */
    @Allowed({Role.AUDITOR, Role.ADMIN})
    @GetMapping(
            path = "/v1/ledger/checkpoints",
            produces = {TEXT, MediaType.ALL_VALUE})
    ResponseEntity<String> checkpoints(
            @RequestParam(required = false) @Nullable Long after,
            @RequestParam(required = false) @Nullable Integer limit) {
        return text(tables.after(after == null ? 0 : after, Page.limit(limit)).stream()
                .map(checkpoint -> checkpoint.note() + "\n")
                .collect(Collectors.joining()));
    }

    /** The keys that checkpoints are verified with, one a line, that of the newest checkpoint first. */
    @Allowed({Role.AUDITOR, Role.ADMIN})
    @GetMapping(
            path = "/v1/ledger/key",
            produces = {TEXT, MediaType.ALL_VALUE})
    @Answers(Problem.NOT_SEALED)
    ResponseEntity<String> key() {
        newest();
        return text(tables.keys().stream().map(key -> key + "\n").collect(Collectors.joining()));
    }

    /** Hashes in base64. {@code hashes} leads from the leaf to the root, lowest first (RFC 6962 §2.1.1); leaf n - 1 is event n. */
    record Inclusion(long position, long size, byte[] leafHash, byte[] rootHash, List<byte[]> hashes) {}

    /** That an event of the caller's tenant is in the ledger as it was at a size; by default the newest checkpoint's. */
    @Allowed({Role.AUDITOR, Role.ADMIN})
    @GetMapping("/v1/ledger/proofs/inclusion")
    @Answers({Problem.NOT_SEALED, Problem.NOT_FOUND, Problem.SEAL_DAMAGED})
    Inclusion inclusion(
            Caller caller, @RequestParam long position, @RequestParam(required = false) @Nullable Long size) {
        long all = sealed("size", size);
        require(position >= 1, "position must be 1 or more");
        if (position > all) {
            sealed("position", position);
            throw Problem.INVALID_PARAMETER.because("a tree of size " + all + " has no position " + position);
        }
        if (!lines.has(caller.tenant(), position)) {
            throw Problem.NOT_FOUND.because("the event at position " + position + " is not one of this tenant");
        }
        long leaf = position - 1;
        return tables.prove(proofs ->
                new Inclusion(position, all, proofs.leaf(leaf), proofs.root(all), proofs.inclusion(leaf, all)));
    }

    /** Hashes in base64. {@code hashes} is the proof of RFC 6962 §2.1.2, and empty where {@code from} is 0 or equals {@code to}. */
    record Consistency(long from, long to, byte[] fromRootHash, byte[] toRootHash, List<byte[]> hashes) {}

    /** That the ledger as it was at one size begins with the ledger as it was at a smaller one. */
    @Allowed({Role.AUDITOR, Role.ADMIN})
    @GetMapping("/v1/ledger/proofs/consistency")
    @Answers({Problem.NOT_SEALED, Problem.SEAL_DAMAGED})
    Consistency consistency(@RequestParam long from, @RequestParam(required = false) @Nullable Long to) {
        long end = sealed("to", to);
        require(from >= 0, "from must not be negative");
        require(from <= end, "from must not be larger than to");
        return tables.prove(proofs ->
                new Consistency(from, end, proofs.root(from), proofs.root(end), proofs.consistency(from, end)));
    }

    /** That size, or the newest; refused beyond what is sealed. */
    private long sealed(String name, @Nullable Long wanted) {
        long newest = newest().size();
        if (wanted == null) {
            return newest;
        }
        require(wanted >= 0, name + " must not be negative");
        if (wanted > newest) {
            long last = lines.last();
            require(wanted <= last, name + " must not be beyond the ledger, which ends at " + last);
            throw Problem.NOT_SEALED.because("the ledger is sealed up to position " + newest);
        }
        return wanted;
    }

    private Checkpoint newest() {
        return tables.newest().orElseThrow(() -> Problem.NOT_SEALED.because("there is no checkpoint yet"));
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw Problem.INVALID_PARAMETER.because(rule);
        }
    }

    private static ResponseEntity<String> text(String body) {
        return ResponseEntity.ok().contentType(NOTE).body(body);
    }
}
