package ledger.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes a ledger home, with what is needed to verify it. */
@Command(
        name = "export",
        description = {
            "Write the ledger, up to its newest checkpoint, into FILE: an event a line, and the hash of its leaf in"
                    + " the place of another tenant's event. Beside it FILE.checkpoint and FILE.hashes, for 'ledger"
                    + " verify'.",
            "An export that was broken off, or has been made before, goes on where it ends."
        },
        mixinStandardHelpOptions = true)
final class Export implements Callable<Integer> {

    private static final Pattern POSITION = Pattern.compile("\\{\"position\":([0-9]{1,18}),");
    private static final int BUFFER = 1 << 16;

    @Parameters(paramLabel = "FILE", description = "Where to: ledger.ndjson, say.")
    private Path file = Path.of("");

    @Mixin
    private Credentials credentials = new Credentials();

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() {
        LedgerClient ledger = credentials.connect();
        String checkpoint = ledger.text("/v1/ledger/checkpoint");
        long size = Long.parseLong(checkpoint.split("\n", 3)[1]);
        try {
            fetch(ledger, "SEALED", size, file);
            fetch(ledger, "HASHES", size, Verify.beside(file, ".hashes"));
            Files.writeString(Verify.beside(file, ".checkpoint"), checkpoint);
        } catch (IOException e) {
            throw new CannotGoOn("the export broke off; the same command goes on with it", e);
        }
        command.commandLine()
                .getOut()
                .printf(
                        "%,d events are in %s. To verify them, with the key that you were told when you began to"
                                + " audit:%n  ledger verify %s --key '%s'%n",
                        size, file, file, ledger.text("/v1/ledger/key").split("\n", 2)[0]);
        return 0;
    }

    private static void fetch(LedgerClient ledger, String content, long size, Path target) throws IOException {
        long done = keepWhole(target);
        if (done > size) {
            throw new CannotGoOn(target + " has " + done + " events and the ledger " + size + ": it is of another one");
        }
        ProgressBar progress = new ProgressBar();
        String path = "/v1/ledger/export?content=" + content + "&from=" + (done + 1) + "&to=" + size;
        try (InputStream in = ledger.open(path);
                OutputStream out =
                        Files.newOutputStream(target, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                for (int i = 0; i < read; i++) {
                    done += buffer[i] == '\n' ? 1 : 0;
                }
                progress.show(size == 0 ? 1 : done / (double) size, target.getFileName() + " " + done);
            }
        }
        if (done != size) {
            throw new IOException(target + " ends at " + done + " instead of " + size);
        }
    }

    /** Cuts off what is not a whole line, and answers the position of the last one. */
    private static long keepWhole(Path target) throws IOException {
        if (!Files.exists(target)) {
            return 0;
        }
        try (RandomAccessFile known = new RandomAccessFile(target.toFile(), "rw")) {
            long end = lineEnd(known, known.length()) + 1;
            known.setLength(end);
            if (end == 0) {
                return 0;
            }
            known.seek(lineEnd(known, end - 1) + 1);
            byte[] head = new byte[(int) Math.min(40, end - known.getFilePointer())];
            known.readFully(head);
            Matcher position = POSITION.matcher(new String(head, StandardCharsets.ISO_8859_1));
            if (!position.lookingAt()) {
                throw new CannotGoOn(target + " is there already, and is no export of a ledger");
            }
            return Long.parseLong(position.group(1));
        }
    }

    /** Where the last end of a line before {@code end} is; -1 if there is none. */
    private static long lineEnd(RandomAccessFile file, long end) throws IOException {
        byte[] part = new byte[BUFFER];
        for (long to = end; to > 0; ) {
            int length = (int) Math.min(BUFFER, to);
            file.seek(to - length);
            file.readFully(part, 0, length);
            for (int i = length - 1; i >= 0; i--) {
                if (part[i] == '\n') {
                    return to - length + i;
                }
            }
            to -= length;
        }
        return -1;
    }
}
