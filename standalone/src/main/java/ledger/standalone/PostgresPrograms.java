package ledger.standalone;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked from the class path once, and run as a user whom they accept. */
final class PostgresPrograms {

    private final Path bin;
    private final ServerUser user;

    private PostgresPrograms(Path bin, ServerUser user) {
        this.bin = bin;
        this.user = user;
    }

    /** Their directory is named after the archive's checksum, so that another version never meets a half or older copy. */
    static PostgresPrograms in(Path directory, ServerUser user) {
        URL archive = archive();
        try {
            long crc =
                    ((JarURLConnection) archive.openConnection()).getJarEntry().getCrc();
            Path unpacked = directory.resolve("postgresql-" + Long.toHexString(crc));
            if (!Files.isDirectory(unpacked)) {
                removeOthers(directory);
                Path half = directory.resolve(unpacked.getFileName() + ".new");
                unpack(archive, half);
                Files.move(half, unpacked, StandardCopyOption.ATOMIC_MOVE);
            }
            return new PostgresPrograms(unpacked.resolve("bin"), user);
        } catch (IOException e) {
            throw new CannotGoOn("cannot unpack PostgreSQL into " + directory, e);
        }
    }

    /** Runs one to its end; {@link CannotGoOn} with all it said when it fails. */
    void run(String program, String... arguments) {
        List<String> command = new ArrayList<>(user.prefix());
        command.add(bin.resolve(program).toString());
        command.addAll(Arrays.asList(arguments));
        ServerUser.Outcome outcome = ServerUser.run(command);
        if (!outcome.succeeded()) {
            throw new CannotGoOn(
                    "PostgreSQL's " + program + " failed:\n" + outcome.output().strip());
        }
    }

    private static URL archive() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String system = os.startsWith("mac") ? "darwin" : os.startsWith("windows") ? "windows" : "linux";
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        String name = "/postgres-" + system + "-" + machine + ".txz";
        URL archive = PostgresPrograms.class.getResource(name);
        if (archive == null) {
            throw new CannotGoOn("this build has no PostgreSQL for " + system + " on " + machine + " (" + name
                    + "): build it on this machine, or let LEDGER_DATABASE_URL name a PostgreSQL of yours");
        }
        return archive;
    }

    private static void removeOthers(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().startsWith("postgresql-")) {
                    FileSystemUtils.deleteRecursively(entry);
                }
            }
        }
    }

    private static void unpack(URL archive, Path target) throws IOException {
        try (InputStream packed = archive.openStream();
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(tar, file);
                }
                if (DataDirectory.isPosix(file) && !entry.isSymbolicLink()) {
                    boolean program =
                            entry.isDirectory() || target.relativize(file).startsWith("bin");
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }
}
