package ledger.standalone;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import ledger.standalone.LedgerClient.Request;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What commands that start a job of a running ledger have in common: they start it, follow it, and say how it ended. */
abstract class JobCommand implements Callable<Integer> {

    static final int NOT_AS_IT_SHOULD_BE = 3;

    @Mixin
    private Credentials credentials = new Credentials();

    @Option(names = "--json", description = "Print the job as JSON.")
    private boolean json;

    @Spec
    private CommandSpec command = CommandSpec.create();

    /** The job that a POST to {@code path} starts: as it ended, if it is to be followed. */
    final JsonNode job(String path, boolean follow) {
        LedgerClient ledger = credentials.connect();
        JsonNode job = ledger.send(Request.post(path, null, Map.of()));
        if (follow) {
            job = new JobWatch(ledger).follow(job.path("jobId").asString());
        }
        print(job);
        return job;
    }

    static boolean isDone(JsonNode job) {
        return job.path("state").asString("").equals("DONE");
    }

    private void print(JsonNode job) {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(new JsonMapper().writeValueAsString(job));
        } else {
            out.println(JobWatch.words(job));
            if (job.has("result")) {
                out.println(job.path("result").toPrettyString());
            }
        }
    }
}
