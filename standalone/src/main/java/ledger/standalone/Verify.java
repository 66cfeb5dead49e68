package ledger.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import ledger.verifier.Checkpoint;
import ledger.verifier.ExportVerifier;
import ledger.verifier.Unverifiable;
import ledger.verifier.Verdict;
import ledger.verifier.Verdict.Differs;
import ledger.verifier.Verdict.Intact;
import ledger.verifier.VerificationKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Compares an export with what was signed, offline. */
@Command(
        name = "verify",
        description = {
            "Compare an export with checkpoints, without any connection: 0 if it is intact, 1 if it was altered, and"
                    + " then the first position that differs, 2 if that cannot be told.",
            "Where only the content of a line has changed, the hashes that were sealed tell which one, and several"
                    + " checkpoints between which."
        },
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true)
final class Verify implements Callable<Integer> {

    @Parameters(
            arity = "1..*",
            paramLabel = "EXPORT",
            description = "From position 1 on; in several files if it was made in parts.")
    private List<Path> export = List.of();

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description = "One or more checkpoints, above all those that you have kept. Default: EXPORT.checkpoint.")
    private List<Path> checkpoints = new ArrayList<>();

    @Option(
            names = "--key",
            required = true,
            paramLabel = "KEY|FILE",
            description = "The verification key that you trust, or a file with one a line.")
    private String key = "";

    @Option(
            names = "--hashes",
            paramLabel = "FILE",
            description = "An export of the hashes that were sealed. Default: EXPORT.hashes, if there is one.")
    private @Nullable Path hashes;

    @Option(names = "--prefix", description = "Events after the last checkpoint are no fault.")
    private boolean prefix;

    @Option(names = "--json", description = "Print the verdict as JSON.")
    private boolean json;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() {
        Path first = export.getFirst();
        Path sealed = hashes == null && Files.exists(beside(first, ".hashes")) ? beside(first, ".hashes") : hashes;
        List<Path> signed = checkpoints.isEmpty() ? List.of(beside(first, ".checkpoint")) : checkpoints;
        try {
            return tell(compare(signed, keys(key), sealed));
        } catch (Unverifiable e) {
            return tell(new Differs(0, 0, String.valueOf(e.getMessage())));
        } catch (IOException e) {
            throw CannotGoOn.unreadable(e);
        }
    }

    private Verdict compare(List<Path> signed, List<VerificationKey> keys, @Nullable Path sealed)
            throws IOException, Unverifiable {
        StringBuilder notes = new StringBuilder();
        for (Path file : signed) {
            notes.append(Files.readString(file));
        }
        long bytes = 0;
        for (Path file : export) {
            bytes += Files.size(file);
        }
        double all = Math.max(1, bytes);
        ProgressBar progress = new ProgressBar();
        Verdict verdict = new ExportVerifier(
                        Checkpoint.all(notes.toString(), keys),
                        (read, events) -> progress.show(read / all, "%,d events".formatted(events)))
                .verify(export, sealed);
        return verdict instanceof Intact(long events, long _, long last) && events > last && !prefix
                ? new Differs(last + 1, last + 1, "no checkpoint covers it and what follows (--prefix lets that pass)")
                : verdict;
    }

    private int tell(Verdict verdict) {
        String text = json ? new JsonMapper().writeValueAsString(members(verdict)) : words(verdict);
        command.commandLine().getOut().println(text);
        return verdict instanceof Intact ? 0 : 1;
    }

    private static String words(Verdict verdict) {
        return switch (verdict) {
            case Intact(long events, long asHashes, long sealed) ->
                "Intact: the first %,d events are what was signed".formatted(Math.min(events, sealed))
                        + (asHashes == 0 ? "." : ", %,d of them as hashes only.".formatted(asHashes));
            case Differs(long from, long _, String why) when from == 0 -> "ALTERED: " + why + ".";
            case Differs(long from, long to, String why)
            when from == to -> "ALTERED: the first position that differs is %d: %s.".formatted(from, why);
            case Differs(long from, long to, String why) ->
                "ALTERED: the first position that differs is one from %d to %d: %s.".formatted(from, to, why);
        };
    }

    private static Map<String, Object> members(Verdict verdict) {
        Map<String, Object> members = new LinkedHashMap<>();
        switch (verdict) {
            case Intact(long events, long asHashes, long sealed) -> {
                members.put("intact", true);
                members.put("events", events);
                members.put("asHashes", asHashes);
                members.put("sealed", sealed);
            }
            case Differs(long from, long to, String why) -> {
                members.put("intact", false);
                members.put("firstDifference", Map.of("from", from, "to", to));
                members.put("why", why);
            }
        }
        return members;
    }

    /** The keys that are named, or are in the file that is named. */
    static List<VerificationKey> keys(String keyOrFile) {
        try {
            Path file = Path.of(keyOrFile);
            return VerificationKey.all(Files.exists(file) ? Files.readString(file) : keyOrFile);
        } catch (IOException | Unverifiable e) {
            throw new CannotGoOn("--key is no verification key, and no file with one: " + e.getMessage());
        }
    }

    static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }
}
