package ledger.standalone;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who runs PostgreSQL, which refuses to be root: whoever runs us; for root a user namespace of its own, in which it is nobody in
 * particular, or else another user of this machine, to whom the server's files then belong.
 */
record ServerUser(List<String> prefix, @Nullable String name) {

    record Outcome(boolean succeeded, String output) {}

    /** The user for the server whose files are, or will be, in {@code home}. */
    static ServerUser of(Path home) {
        UserPrincipal owner = DataDirectory.ownerOf(home);
        String me = System.getProperty("user.name");
        if (!me.equals("root")) {
            if (owner != null && !owner.getName().equals(me)) {
                throw new CannotGoOn("the database in " + home + " belongs to " + owner.getName() + ", not to " + me);
            }
            return new ServerUser(List.of(), null);
        }
        if (owner != null && !owner.getName().equals("root")) {
            return another(owner.getName());
        }
        if (run(List.of("unshare", "-U", "id", "-un")).succeeded()) {
            return new ServerUser(List.of("unshare", "-U"), null);
        }
        return Stream.of("postgres", "nobody")
                .filter(candidate -> run(List.of("id", "-u", candidate)).succeeded())
                .findFirst()
                .map(ServerUser::another)
                .orElseThrow(
                        () -> new CannotGoOn("PostgreSQL does not run as root, there are no user namespaces here and"
                                + " no user postgres or nobody: start as an ordinary user, or let LEDGER_DATABASE_URL name a"
                                + " PostgreSQL of yours"));
    }

    private static ServerUser another(String name) {
        String group = run(List.of("id", "-g", name)).output().strip();
        List<String> prefix = List.of("setpriv", "--reuid=" + name, "--regid=" + group, "--clear-groups");
        if (!run(with(prefix, "true")).succeeded()) {
            throw new CannotGoOn("PostgreSQL does not run as root, and it cannot be started as " + name
                    + ": start as an ordinary user, or let LEDGER_DATABASE_URL name a PostgreSQL of yours");
        }
        return new ServerUser(prefix, name);
    }

    /** Lets that user pass through the data directory, which stays ours and is not to be listed. */
    void letIn(Path directory) throws IOException {
        if (name == null) {
            return;
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        if (!run(with(prefix, "test", "-x", directory.toString())).succeeded()) {
            throw new CannotGoOn("PostgreSQL does not run as root but as " + name + ", who cannot reach " + directory
                    + ": let LEDGER_DATA name a directory that everybody can reach, such as /var/lib/ledger");
        }
    }

    /** Lets that user own all that is in the directory, for it may have been root's where there was a namespace. */
    void giveFiles(Path directory) throws IOException {
        if (name == null || Files.getOwner(directory).getName().equals(name)) {
            return;
        }
        UserPrincipal owner =
                directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                Files.setOwner(file, owner);
            }
        }
    }

    static Outcome run(List<String> command) {
        // That user may not be able to reach our working directory.
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(new File("/")).redirectErrorStream(true);
        // What the machine's user has set for clients of PostgreSQL, or a locale that was never generated, is not for
        // this server.
        builder.environment().keySet().removeIf(variable -> variable.startsWith("PG") || variable.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor() == 0, output);
        } catch (IOException e) {
            return new Outcome(false, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(false, "interrupted");
        }
    }

    private static List<String> with(List<String> prefix, String... command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(command));
        return all;
    }
}
