package ledger.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import ledger.query.seal.SealKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A new key for the seal, introduced by the old one. */
@Command(
        name = "rotate-seal-key",
        description = {
            "Put a new key before those that sign checkpoints, and print what it is verified with.",
            "After the next start all keys in the file sign, so that who trusts the old one learns of the new. Take the"
                    + " old line out of the file once all have."
        },
        mixinStandardHelpOptions = true)
final class RotateSealKey implements Callable<Integer> {

    @Option(
            names = "--file",
            defaultValue = "${env:LEDGER_SEAL_KEY:-${env:LEDGER_DATA:-${sys:user.home}/.ledger}/seal-key}",
            description = "The file with the keys. LEDGER_SEAL_KEY, default seal-key in LEDGER_DATA.")
    private Path file = Path.of("");

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() {
        if (!Files.exists(file)) {
            throw new CannotGoOn("there is no " + file + ": the key is made at the first start");
        }
        try {
            command.commandLine().getOut().println(SealKeys.rotate(file));
            return 0;
        } catch (IOException e) {
            throw new CannotGoOn("the keys cannot be changed", e);
        }
    }
}
