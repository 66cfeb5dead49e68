package ledger.standalone;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What to keep somewhere else: whoever has it finds any later change. */
@Command(
        name = "checkpoint",
        description =
                "Print the newest checkpoint of a running ledger. Keep it where those who run the ledger have no say.",
        mixinStandardHelpOptions = true)
final class PrintCheckpoint implements Callable<Integer> {

    /** The second line of each checkpoint, before the root and an empty line. */
    private static final Pattern SIZE = Pattern.compile("\n([0-9]+)\n[^\n]+\n\n\u2014");

    @Option(names = "--all", description = "All of them, oldest first.")
    private boolean all;

    @Option(names = "--keys", description = "The keys to verify them with instead, the current one first.")
    private boolean keys;

    @Mixin
    private Credentials credentials = new Credentials();

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() {
        LedgerClient ledger = credentials.connect();
        PrintWriter out = command.commandLine().getOut();
        if (keys) {
            out.print(ledger.text("/v1/ledger/key"));
        } else if (all) {
            for (String after = "0"; !after.isEmpty(); ) {
                String page = ledger.text("/v1/ledger/checkpoints?limit=200&after=" + after);
                out.print(page);
                after = SIZE.matcher(page).results().reduce("", (_, size) -> size.group(1), (_, last) -> last);
            }
        } else {
            out.print(ledger.text("/v1/ledger/checkpoint"));
        }
        out.flush();
        return 0;
    }
}
