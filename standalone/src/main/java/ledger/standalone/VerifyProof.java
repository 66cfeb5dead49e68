package ledger.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import ledger.verifier.Checkpoint;
import ledger.verifier.Proof;
import ledger.verifier.Unverifiable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifies one proof, offline. */
@Command(
        name = "verify-proof",
        description = {
            "Verify what /v1/ledger/proofs/inclusion answered, for an event and one checkpoint of that size; or what"
                    + " /v1/ledger/proofs/consistency answered, for the two checkpoints.",
            "0 if it holds, 1 if it does not, 2 if that cannot be told."
        },
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true)
final class VerifyProof implements Callable<Integer> {

    @Parameters(paramLabel = "PROOF", description = "The file with the answer.")
    private Path proof = Path.of("");

    @Option(names = "--event", paramLabel = "FILE", description = "The event: its line of the export.")
    private @Nullable Path event;

    @Option(names = "--checkpoint", required = true, paramLabel = "FILE", description = "A checkpoint, or several.")
    private List<Path> checkpoints = List.of();

    @Option(
            names = "--key",
            required = true,
            paramLabel = "KEY|FILE",
            description = "The verification key that you trust, or a file with one a line.")
    private String key = "";

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() {
        try {
            command.commandLine().getOut().println("Proved: " + proved() + ".");
            return 0;
        } catch (Unverifiable e) {
            command.commandLine().getOut().println("NOT PROVED: " + e.getMessage() + ".");
            return 1;
        } catch (IOException e) {
            throw CannotGoOn.unreadable(e);
        }
    }

    private String proved() throws IOException, Unverifiable {
        StringBuilder notes = new StringBuilder();
        for (Path file : checkpoints) {
            notes.append(Files.readString(file));
        }
        List<Checkpoint> signed = Checkpoint.all(notes.toString(), Verify.keys(key));
        Proof given = new Proof(Files.readString(proof));
        if (given.isOfInclusion()) {
            if (event == null) {
                throw new CannotGoOn("--event must name the file with the event");
            }
            given.verify(line(Files.readAllBytes(event)), signed.getLast());
            return "the event is number " + given.position() + " of "
                    + signed.getLast().size();
        }
        given.verify(signed.getFirst(), signed.getLast());
        return "the ledger of size " + signed.getLast().size() + " begins with that of size "
                + signed.getFirst().size();
    }

    private static byte[] line(byte[] content) {
        boolean ends = content.length > 0 && content[content.length - 1] == '\n';
        return ends ? Arrays.copyOf(content, content.length - 1) : content;
    }
}
