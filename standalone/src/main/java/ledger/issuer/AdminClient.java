package ledger.issuer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import ledger.http.Caller;
import ledger.http.Role;
import tools.jackson.databind.json.JsonMapper;

/**
 * The client through which the owner of the data directory is an admin: its secret is in a file that only they can read, made at
 * the first start. A file that is lost is made again, with another client; one that a new database does not know is made known.
 */
public record AdminClient(String clientId, String clientSecret) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Where it is, or will be, in a data directory. */
    public static Path in(Path data) {
        return data.resolve("admin-client.json");
    }

    public static AdminClient read(Path file) throws IOException {
        return JSON.readValue(Files.readAllBytes(file), AdminClient.class);
    }

    static AdminClient ensure(Path data, Clients clients) {
        Path file = in(data);
        try {
            AdminClient admin = Files.exists(file) ? read(file) : write(file);
            clients.ensure(admin.clientId, admin.clientSecret, Caller.DEFAULT_TENANT, List.of(Role.ADMIN));
            return admin;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the admin client in " + file, e);
        }
    }

    /** It appears at once and complete, and is never readable by others. */
    private static AdminClient write(Path file) throws IOException {
        String suffix = UUID.randomUUID().toString().substring(0, 8);
        AdminClient admin = new AdminClient("admin-" + suffix, Secrets.random());
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Path half = file.resolveSibling(file.getFileName() + "." + suffix);
        Files.createFile(half, ownerOnly);
        Files.write(half, JSON.writeValueAsBytes(admin));
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        System.err.println("The secret of the admin client is in " + file);
        return admin;
    }

    @Override
    public String toString() {
        return "AdminClient[" + clientId + "]";
    }
}
