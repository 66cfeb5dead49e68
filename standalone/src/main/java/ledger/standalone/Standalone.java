package ledger.standalone;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line. */
@Command(
        name = "ledger",
        description = "A ledger for subscriptions that can be trusted with revenue.",
        mixinStandardHelpOptions = true,
        version = Standalone.VERSION,
        subcommands = {
            Serve.class,
            Token.class,
            Status.class,
            ProjectionWork.Rebuild.class,
            ProjectionWork.Diff.class,
            Export.class,
            PrintCheckpoint.class,
            Verify.class,
            VerifyStored.class,
            VerifyProof.class,
            RotateSealKey.class,
            Replay.class,
            Rehearse.class,
            HelpCommand.class
        },
        footer = "%nWithout a command it serves.")
public final class Standalone {

    static final String VERSION = "subscription ledger 0.1";

    private Standalone() {}

    public static void main(String... arguments) {
        int code = commandLine().execute(arguments.length == 0 ? new String[] {"serve"} : arguments);
        if (code != 0) {
            System.exit(code);
        }
        // A server goes on in threads of its own.
    }

    static CommandLine commandLine() {
        CommandLine commands = new CommandLine(new Standalone());
        commands.getSubcommands().values().forEach(one -> one.getCommandSpec().version(VERSION));
        return commands.setUsageHelpAutoWidth(true).setExecutionExceptionHandler((failure, line, parsed) -> {
            if (failure instanceof CannotGoOn) {
                line.getErr().println("ledger: " + failure.getMessage());
                return line.getCommandSpec().exitCodeOnExecutionException();
            }
            throw failure;
        });
    }
}
