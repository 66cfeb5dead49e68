package ledger.query.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealKeyTest {

    // The example of golang.org/x/mod/sumdb/note, whose signatures every other implementation checks itself against.
    private static final String SECRET =
            "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    private static final String VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private static final String TEXT =
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    private static final String SIGNATURE =
            "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    @Test
    void it_signs_what_others_sign() {
        SealKey key = SealKey.parse(SECRET);
        assertThat(key.name()).isEqualTo("PeterNeumann");
        assertThat(key.verifier()).isEqualTo(VERIFIER);
        assertThat(key.sign(TEXT)).isEqualTo(SIGNATURE);
        assertThat(key.secret()).isEqualTo(SECRET);
        assertThat(key).hasToString(VERIFIER);
    }

    @Test
    void a_new_key_is_written_so_that_its_owner_alone_can_read_it(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("seal-key");
        SealKeys created = SealKeys.create(file, "example.com/ledger");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(SealKeys.read(file).sign(TEXT)).isEqualTo(created.sign(TEXT));
        assertThat(Files.list(directory)).containsExactly(file);
    }

    @Test
    void after_a_rotation_the_new_key_signs_and_the_old_one_with_it(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("seal-key");
        SealKeys old = SealKeys.create(file, "example.com/ledger");
        SealKeys.rotate(file);
        SealKeys both = SealKeys.read(file);
        String oldLine = old.keys().getFirst().sign(TEXT);
        String newLine = both.keys().getFirst().sign(TEXT);
        assertThat(newLine).isNotEqualTo(oldLine).startsWith("\u2014 example.com/ledger ");
        assertThat(both.sign(TEXT)).isEqualTo(TEXT + "\n" + newLine + oldLine);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PRIVATE+KEY+PeterNeumann+c74f20a3+",
                "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALV",
                "PRIVATE+KEY+PeterNeumann+c74f20a4+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
                "PRIVATE+KEY+Peter Neumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
                "PRIVATE+KEY+PeterNeumann+c74f20a3+AIEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
                "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDF0"
            })
    void what_is_no_key_is_refused(String text) {
        assertThatThrownBy(() -> SealKey.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
