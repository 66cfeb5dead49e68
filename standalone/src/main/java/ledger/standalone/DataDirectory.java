package ledger.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directory of the embedded database, keys and secrets. It belongs to the user who runs us and is held by one process at a
 * time: the lock goes with the process, however that ends.
 */
final class DataDirectory implements AutoCloseable {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    /** Far behind what is written in the file, so that others can read who holds it even where locks are mandatory. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private final Path path;
    private final FileChannel holder;

    private DataDirectory(Path path, FileChannel holder) {
        this.path = path;
        this.holder = holder;
    }

    static DataDirectory hold(Path wanted) {
        Path path = wanted.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(path);
                ownerOnly(path);
            }
            path = path.toRealPath();
        } catch (IOException e) {
            throw new CannotGoOn("cannot create the data directory " + path + " (LEDGER_DATA names another)", e);
        }
        requireOurs(path);
        return new DataDirectory(path, lock(path));
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            holder.close();
        } catch (IOException e) {
            throw new CannotGoOn("cannot release " + path, e);
        }
    }

    /** Whatever the umask is: nobody else may look into it. */
    static void ownerOnly(Path directory) throws IOException {
        if (isPosix(directory)) {
            Files.setPosixFilePermissions(directory, OWNER_ONLY);
        }
    }

    static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static void requireOurs(Path path) {
        String me = System.getProperty("user.name");
        UserPrincipal owner = ownerOf(path);
        if (me.equals("root") && owner != null && !owner.getName().equals("root")) {
            // Files of root's in there would lock its owner out.
            throw new CannotGoOn("the data directory " + path + " belongs to " + owner.getName() + ": start as "
                    + owner.getName() + ", or let LEDGER_DATA name another directory");
        }
        if (!Files.isWritable(path) || !Files.isExecutable(path)) {
            throw new CannotGoOn("the data directory " + path + " cannot be written by " + me
                    + (owner == null ? "" : " (it belongs to " + owner.getName() + ")")
                    + ": let LEDGER_DATA name another directory");
        }
    }

    static @Nullable UserPrincipal ownerOf(Path path) {
        try {
            return Files.exists(path) && isPosix(path) ? Files.getOwner(path) : null;
        } catch (IOException e) {
            throw new CannotGoOn("cannot tell who owns " + path, e);
        }
    }

    private static FileChannel lock(Path path) {
        Path file = path.resolve("lock");
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!tryLock(channel)) {
                channel.close();
                throw new CannotGoOn("the data directory " + path + " is in use by " + holder(file));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (IOException e) {
            throw new CannotGoOn("cannot lock " + file, e);
        }
    }

    private static String holder(Path file) throws IOException {
        String pid = Files.readString(file).strip();
        if (pid.isEmpty()) {
            return "another process";
        }
        return "process " + pid
                + ProcessHandle.of(Long.parseLong(pid))
                        .flatMap(process -> process.info().commandLine())
                        .map(command -> " (" + command + ")")
                        .orElse("");
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this very process
        }
    }
}
