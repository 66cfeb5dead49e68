package ledger.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

class InstantModuleTest {

    private final JsonMapper mapper =
            JsonMapper.builder().addModule(new InstantModule()).build();

    @Test
    void readsWhatThePlatformWrites() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100_000; i++) {
            int[] precisions = {1, 1_000, 1_000_000, 1_000_000_000};
            int precision = precisions[random.nextInt(4)];
            Instant instant = Instant.ofEpochSecond(
                    random.nextLong(-62_167_219_200L, 253_402_300_800L),
                    random.nextInt(1_000_000_000) / precision * precision);
            assertThat(read(instant.toString())).isEqualTo(instant);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-31T00:00:00.1Z",
                "2026-01-31T00:00:00.12345Z",
                "2026-01-31T00:00:00.123456789Z",
                "2024-02-29T23:59:59Z",
                "2026-12-31T24:00:00Z",
                "2016-12-31T23:59:60Z",
                "2026-01-31T01:00:00+01:00",
                "+12026-01-31T00:00:00Z",
                "-0001-01-31T00:00:00Z",
                "2026-01-31t00:00:00z"
            })
    void readsWhateverElseThePlatformReads(String text) {
        assertThat(read(text)).isEqualTo(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026-01-31T00:00Z",
                "2026-02-30T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-01-31T25:00:00Z",
                "2026-01-31T00:60:00Z",
                "2026-01-31 00:00:00Z",
                "2026-01-31T00:00:00",
                "2026-01-31T00:00:00.1234567890Z",
                "2026-01-31T00:00:00,1Z",
                "2026-01-31T00:00:0٣Z"
            })
    void readsNothingElse(String text) {
        assertThatThrownBy(() -> Instant.parse(text)).isInstanceOf(DateTimeException.class);
        assertThatThrownBy(() -> InstantModule.parse(text)).isInstanceOf(DateTimeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.5", "true", "[]", "{}"})
    void isText(String json) {
        assertThatThrownBy(() -> mapper.readValue(json, Instant.class)).isInstanceOf(MismatchedInputException.class);
    }

    private Instant read(String text) {
        return mapper.readValue('"' + text + '"', Instant.class);
    }
}
