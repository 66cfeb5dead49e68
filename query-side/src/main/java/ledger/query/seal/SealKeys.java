package ledger.query.seal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys of the file that LEDGER_SEAL_KEY names, one a line, the current one first. All of them sign, so that who trusts
 * an older one learns of the newer from it; an older one's line can be taken out once all have.
 */
public record SealKeys(List<SealKey> keys) {

    static SealKeys read(Path file) throws IOException {
        List<SealKey> keys;
        try (Stream<String> lines = Files.lines(file)) {
            keys = lines.filter(line -> !line.isBlank())
                    .map(line -> SealKey.parse(line.strip()))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new IOException("a line of " + file + " is no key: " + e.getMessage(), e);
        }
        if (keys.isEmpty()) {
            throw new IOException("there is no key in " + file);
        }
        return new SealKeys(keys);
    }

    static SealKeys create(Path file, String name) throws IOException {
        SealKeys keys = new SealKeys(List.of(SealKey.generate(name)));
        keys.write(file);
        return keys;
    }

    /** Puts a new key before those of the file, and tells what it is verified with. Nodes sign with it once they have started again. */
    public static String rotate(Path file) throws IOException {
        SealKeys rotated = read(file).rotated();
        rotated.write(file);
        return rotated.keys.getFirst().verifier();
    }

    /** With a new key before them. */
    private SealKeys rotated() {
        return new SealKeys(Stream.concat(Stream.of(SealKey.generate(name())), keys.stream())
                .toList());
    }

    String name() {
        return keys.getFirst().name();
    }

    /** The signed note of this text, which ends with its last line's end. */
    String sign(String text) {
        return text + "\n" + keys.stream().map(key -> key.sign(text)).collect(Collectors.joining());
    }

    /** It appears at once and complete, and is never readable by others. */
    void write(Path file) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Path half = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
        Files.createFile(half, ownerOnly);
        Files.writeString(half, keys.stream().map(key -> key.secret() + "\n").collect(Collectors.joining()));
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
