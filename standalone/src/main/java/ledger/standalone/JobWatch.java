package ledger.standalone;

import java.util.Locale;
import ledger.standalone.LedgerClient.Request;
import tools.jackson.databind.JsonNode;

/** Follows a job of the ledger until it has finished. */
final class JobWatch {

    private static final long LOOK_MILLIS = 250;

    private final LedgerClient ledger;

    JobWatch(LedgerClient ledger) {
        this.ledger = ledger;
    }

    /** The job as it ended. To stop looking does not stop the job. */
    JsonNode follow(String jobId) {
        ProgressBar progress = new ProgressBar();
        JsonNode job = job(jobId);
        while (job.path("finishedAt").isMissingNode()) {
            progress.show(done(job), words(job));
            sleep();
            job = job(jobId);
        }
        progress.show(1, words(job));
        return job;
    }

    private JsonNode job(String jobId) {
        return ledger.send(Request.get("/v1/admin/jobs/" + jobId));
    }

    static String words(JsonNode job) {
        String error = job.path("error").asString("");
        return "%s %s %s, %,d of %,d events, %,.0f/s%s"
                .formatted(
                        job.path("kind").asString("").toLowerCase(Locale.ROOT),
                        job.path("subject").asString(""),
                        job.path("state").asString("").toLowerCase(Locale.ROOT),
                        job.path("done").asLong(),
                        job.path("total").asLong(),
                        job.path("eventsPerSecond").asDouble(),
                        error.isEmpty() ? "" : ": " + error);
    }

    private static double done(JsonNode job) {
        long total = job.path("total").asLong();
        return total == 0 ? 0 : Math.min(1, job.path("done").asDouble() / total);
    }

    private static void sleep() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotGoOn("interrupted; the job goes on");
        }
    }
}
