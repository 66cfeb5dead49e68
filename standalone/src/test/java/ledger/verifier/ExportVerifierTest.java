package ledger.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import ledger.verifier.Verdict.Differs;
import ledger.verifier.Verdict.Intact;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportVerifierTest {

    private static final int EVENTS = 90;
    private static final int STREAMS = 30;
    private static final Signed SIGNED = new Signed();
    private static final List<byte[]> LINES = lines();

    @TempDir
    private Path data;

    private Path export = Path.of("");
    private Path hashes = Path.of("");
    private String notes = "";

    @BeforeEach
    void write() throws IOException {
        export = Files.write(data.resolve("export"), join(LINES));
        List<byte[]> bare = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            bare.add(bare(i));
        }
        hashes = Files.write(data.resolve("hashes"), join(bare));
        notes = SIGNED.note(LINES.subList(0, 30)) + "\n" + SIGNED.note(LINES.subList(0, 60)) + "\n"
                + SIGNED.note(LINES);
    }

    @Test
    void what_was_signed_is_intact() throws Exception {
        assertThat(verify(null)).isEqualTo(new Intact(EVENTS, 0, EVENTS));
        assertThat(verify(hashes)).isEqualTo(new Intact(EVENTS, 0, EVENTS));
        Path one = Files.write(data.resolve("one"), join(LINES.subList(0, 23)));
        Path two = Files.write(data.resolve("two"), join(LINES.subList(23, EVENTS)));
        assertThat(verifier(notes).verify(List.of(one, two), null)).isEqualTo(new Intact(EVENTS, 0, EVENTS));
        assertThat(verifier(SIGNED.note(List.of())).verify(List.of(export), null))
                .isEqualTo(new Intact(EVENTS, 0, 0));
    }

    @Test
    void hashes_may_stand_for_the_events_of_others() throws Exception {
        List<byte[]> mixed = new ArrayList<>(LINES);
        for (int i = 0; i < EVENTS; i += 3) {
            mixed.set(i, bare(i));
        }
        Files.write(export, join(mixed));
        assertThat(verify(null)).isEqualTo(new Intact(EVENTS, 30, EVENTS));
    }

    /** Whoever takes an event out of its ledger, or moves it to another's, leaves its hash and a gap. */
    @Test
    void no_event_of_ones_own_can_hide_behind_its_hash() throws Exception {
        for (int index = 0; index < EVENTS; index++) {
            int hidden = index;
            int next = IntStream.range(hidden + 1, EVENTS)
                    .filter(i -> stream(i).equals(stream(hidden)))
                    .findFirst()
                    .orElse(-1);
            List<byte[]> mixed = new ArrayList<>(LINES);
            mixed.set(hidden, bare(hidden));
            Files.write(export, join(mixed));
            assertThat(verify(null))
                    .isEqualTo(
                            next < 0
                                    ? new Intact(EVENTS, 1, EVENTS)
                                    : new Differs(
                                            next + 1,
                                            next + 1,
                                            "its stream has 1 events before it that are not shown as such: they stand there as hashes"));
        }
    }

    private static String stream(int index) {
        return new String(LINES.get(index), UTF_8).replaceAll(".*\"streamId\":\"([^\"]*)\".*", "$1");
    }

    /** Thousands of single changes, of which none passes and each is found where it is. */
    @Test
    void every_single_change_is_found() throws Exception {
        Random random = new Random(20260131);
        ExportVerifier verifier = verifier(notes);
        for (int i = 0; i < 3000; i++) {
            List<byte[]> changed = new ArrayList<>(LINES);
            int index = random.nextInt(EVENTS);
            int first = index + 1;
            switch (random.nextInt(6)) {
                case 0 -> changed.remove(index);
                case 1 -> changed.add(index, LINES.get(random.nextInt(EVENTS)).clone());
                case 2 -> changed.add(index, random.nextBoolean() ? new byte[0] : "{}".getBytes(UTF_8));
                case 3 -> {
                    int other = (index + 1 + random.nextInt(EVENTS - 1)) % EVENTS;
                    changed.set(index, LINES.get(other));
                    changed.set(other, LINES.get(index));
                    first = Math.min(index, other) + 1;
                }
                default -> {
                    byte[] line = LINES.get(index).clone();
                    line[random.nextInt(line.length)] ^= (byte) (1 << random.nextInt(8));
                    changed.set(index, line);
                }
            }
            Files.write(export, join(changed));
            if (changed.size() > EVENTS && Arrays.equals(changed.get(index), LINES.get(index))) {
                first++; // the same line twice: the second one is too many
            }
            requireFound(verifier, first);
        }
    }

    private void requireFound(ExportVerifier verifier, int first) throws IOException {
        assertThat(verifier.verify(List.of(export), hashes)).isInstanceOfSatisfying(Differs.class, differs -> {
            assertThat(differs.from()).isEqualTo(first);
            assertThat(differs.to()).isEqualTo(first);
        });
        assertThat(verifier.verify(List.of(export), null)).isInstanceOfSatisfying(Differs.class, differs -> {
            assertThat((long) first).isBetween(differs.from(), differs.to());
            assertThat(differs.to() - differs.from()).isLessThan(30);
        });
    }

    @Test
    void every_flipped_bit_of_a_checkpoint_is_found() throws Exception {
        byte[] note = SIGNED.note(LINES).getBytes(UTF_8);
        for (int bit = 0; bit < 8 * note.length; bit++) {
            byte[] changed = note.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> verifier(new String(changed, UTF_8)).verify(List.of(export), null))
                    .as("bit " + bit)
                    .isInstanceOf(Unverifiable.class);
        }
    }

    @Test
    void every_flipped_bit_of_a_key_is_found() {
        byte[] key = SIGNED.key().getBytes(UTF_8);
        for (int bit = 0; bit < 8 * key.length; bit++) {
            byte[] changed = key.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> Checkpoint.all(notes, List.of(VerificationKey.of(new String(changed, UTF_8)))))
                    .as("bit " + bit)
                    .isInstanceOf(Unverifiable.class);
        }
    }

    @Test
    void a_checkpoint_of_somebody_else_is_none() {
        String theirs = new Signed().note(LINES);
        assertThatThrownBy(() -> verifier(theirs))
                .isInstanceOf(Unverifiable.class)
                .hasMessageContaining("not signed");
        assertThatThrownBy(() -> verifier(notes + theirs)).isInstanceOf(Unverifiable.class);
        assertThatThrownBy(() -> verifier("")).isInstanceOf(Unverifiable.class);
    }

    @Test
    void an_export_has_to_reach_the_checkpoint() throws Exception {
        Files.write(export, join(LINES.subList(0, 75)));
        assertThat(verify(null)).isInstanceOfSatisfying(Differs.class, differs -> {
            assertThat(differs.from()).isEqualTo(76);
            assertThat(differs.why()).contains("missing");
        });
        List<byte[]> more = new ArrayList<>(LINES);
        more.add(line(EVENTS + 1, new Random(1)));
        Files.write(export, join(more));
        assertThat(verify(null)).isEqualTo(new Intact(EVENTS + 1, 0, EVENTS));
    }

    @Test
    void hashes_that_were_not_signed_prove_nothing() throws Exception {
        List<byte[]> changed = new ArrayList<>(LINES);
        changed.set(44, new String(LINES.get(44), UTF_8).replace("1900", "1901").getBytes(UTF_8));
        Files.write(export, join(changed));
        byte[] other = Files.readAllBytes(hashes);
        other[other.length / 3] ^= 1;
        Files.write(hashes, other);
        assertThat(verify(hashes)).isInstanceOfSatisfying(Differs.class, differs -> {
            assertThat(differs.from()).isEqualTo(31);
            assertThat(differs.to()).isEqualTo(60);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"version\":2 | \"version\":7 | version 7",
                "\"payload\":{ | \"payload\":[ | not JSON",
                "\"amount\":1900 | \"amount\":01900 | not JSON",
                "Z\",\"payload\" | \",\"payload\" | not an event",
                "\"tenant\" | \"Tenant\" | not an event"
            })
    void where_the_line_itself_shows_it_that_is_said(String was, String is, String why) throws Exception {
        List<byte[]> changed = new ArrayList<>(LINES);
        String line = new String(LINES.get(66), UTF_8);
        assertThat(line).contains(was);
        changed.set(66, line.replace(was, is).getBytes(UTF_8));
        Files.write(export, join(changed));
        assertThat(verify(null)).isInstanceOfSatisfying(Differs.class, differs -> {
            assertThat(differs.from()).isEqualTo(67);
            assertThat(differs.why()).contains(why);
        });
    }

    private Verdict verify(@Nullable Path sealed) throws IOException, Unverifiable {
        return verifier(notes).verify(List.of(export), sealed);
    }

    private static ExportVerifier verifier(String notes) throws Unverifiable {
        return new ExportVerifier(Checkpoint.all(notes, VerificationKey.all(SIGNED.key())), (_, _) -> {});
    }

    private static byte[] bare(int index) {
        String hash = Base64.getEncoder().encodeToString(Signed.leaf(LINES.get(index)));
        return "{\"position\":%d,\"leafHash\":\"%s\"}"
                .formatted(index + 1, hash)
                .getBytes(UTF_8);
    }

    private static List<byte[]> lines() {
        Random random = new Random(1);
        List<byte[]> lines = new ArrayList<>();
        for (int position = 1; position <= EVENTS; position++) {
            lines.add(line(position, random));
        }
        return lines;
    }

    private static byte[] line(int position, Random random) {
        UUID stream = new UUID(STREAMS, (position - 1) % STREAMS);
        return """
            {"position":%d,"tenant":"default","streamType":"subscription","streamId":"%s","version":%d,"eventId":"%s",\
            "type":"subscription.renewed","revision":1,"effectiveAt":"2026-01-31T00:00:00.000000Z",\
            "recordedAt":"2026-01-31T00:00:00.123456Z","payload":{"name":"Z\u00fcrich \\u0041","charge":{"amount":1900}},\
            "metadata":{"actor":"test"}}""".formatted(position, stream, (position - 1) / STREAMS, new UUID(position, random.nextLong()))
                .getBytes(UTF_8);
    }

    private static byte[] join(List<byte[]> lines) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] line : lines) {
            all.writeBytes(line);
            all.write('\n');
        }
        return all.toByteArray();
    }
}
