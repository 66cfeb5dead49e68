package ledger.standalone;

import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Lets a running ledger look at itself. Whoever does not trust it exports and verifies offline. */
@Command(
        name = "verify-stored",
        description = {
            "Have a running ledger compare every stored event with the hash that was sealed, these with every"
                    + " checkpoint, and verify the signatures.",
            "It shows how far it is. An export is verified offline, with 'ledger verify'."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all is as it was sealed",
            "1:it could not be begun",
            "2:the command was not understood",
            "3:something was altered, or it failed"
        })
final class VerifyStored extends JobCommand {

    @Override
    public Integer call() {
        JsonNode job = job("/v1/ledger/verification", true);
        boolean isIntact = job.path("result").path("intact").asBoolean(false);
        return isDone(job) && isIntact ? 0 : NOT_AS_IT_SHOULD_BE;
    }
}
