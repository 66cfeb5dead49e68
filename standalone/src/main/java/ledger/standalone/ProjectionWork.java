package ledger.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.springframework.web.util.UriUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The commands about one projection. */
abstract class ProjectionWork extends JobCommand {

    @Parameters(paramLabel = "<projection>", description = "Which one; 'ledger status' lists them as views.")
    private String name = "";

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
            JsonNode job = start("rebuild", follow);
            return !follow || isDone(job) ? 0 : NOT_AS_IT_SHOULD_BE;
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
            JsonNode job = start("diff", true);
            boolean isSame = job.path("result").path("differences").asLong(-1) == 0;
            return isDone(job) && isSame ? 0 : NOT_AS_IT_SHOULD_BE;
        }
    }

    final JsonNode start(String work, boolean follow) {
        return job("/v1/admin/projections/" + UriUtils.encodePathSegment(name, UTF_8) + "/" + work, follow);
    }
}
