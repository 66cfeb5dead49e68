package ledger.standalone;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.Callable;
import ledger.standalone.LedgerClient.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the commands about one projection have in common: they start a job, follow it, and say how it ended. */
abstract class ProjectionWork implements Callable<Integer> {

    static final int NOT_AS_IT_SHOULD_BE = 3;

    @Parameters(paramLabel = "<projection>", description = "Which one; 'ledger status' lists them as views.")
    private String name = "";

    @Option(
            names = "--url",
            defaultValue = "http://localhost:${env:LEDGER_PORT:-8080}",
            description = "The ledger. Default: ${DEFAULT-VALUE}.")
    private URI url = URI.create("");

    @Mixin
    private Credentials credentials = new Credentials();

    @Option(names = "--json", description = "Print the job as JSON.")
    private boolean json;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Command(
            name = "rebuild",
            description = "Build a projection anew beside the one that is served, and switch when it has caught up.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:done, or begun",
                "1:it could not be begun",
                "2:the command was not understood",
                "3:it failed"
            })
    static final class Rebuild extends ProjectionWork {

        @Option(names = "--follow", description = "Show how far it is, and wait until it has finished.")
        private boolean follow;

        @Override
        public Integer call() {
            return run("rebuild", follow);
        }
    }

    @Command(
            name = "diff",
            description = "Compare what a projection shows, row by row, with what the events say.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:no difference",
                "1:it could not be begun",
                "2:the command was not understood",
                "3:there are differences, or it failed"
            })
    static final class Diff extends ProjectionWork {

        @Override
        public Integer call() {
            return run("diff", true);
        }
    }

    final int run(String work, boolean follow) {
        LedgerClient ledger = new LedgerClient(url, credentials);
        JsonNode job = ledger.send(Request.post("/v1/admin/projections/" + name + "/" + work, null, Map.of()));
        if (follow) {
            job = new JobWatch(ledger).follow(job.path("jobId").asString());
        }
        print(job);
        boolean isWell = !follow
                || (job.path("state").asString("").equals("DONE")
                        && job.path("result").path("differences").asLong() == 0);
        return isWell ? 0 : NOT_AS_IT_SHOULD_BE;
    }

    private void print(JsonNode job) {
        var out = command.commandLine().getOut();
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
