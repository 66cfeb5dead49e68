package ledger.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

class TimeModuleTest {

    private final JsonMapper mapper =
            JsonMapper.builder().addModule(new TimeModule()).build();

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
            LocalDateTime local = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
            assertThat(read(local.toLocalDate().toString(), LocalDate.class)).isEqualTo(local.toLocalDate());
            assertThat(read(local.toLocalTime().toString(), LocalTime.class)).isEqualTo(local.toLocalTime());
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
        assertThatThrownBy(() -> TimeModule.instant(text)).isInstanceOf(DateTimeException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-1-31",
                "2026-02-30",
                "2026-13-01",
                "2026-01-31Z",
                "2026-01-3",
                "2026-01-3\u0663",
                "20260131"
            })
    void readsNoOtherDate(String text) {
        assertThatThrownBy(() -> LocalDate.parse(text)).isInstanceOf(DateTimeException.class);
        assertThatThrownBy(() -> TimeModule.date(text)).isInstanceOf(DateTimeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00:00", "23:59", "12:30:15", "12:30:15.1", "12:30:15.", "12:30:15.123456789"})
    void readsTimes(String text) {
        assertThat(read(text, LocalTime.class)).isEqualTo(LocalTime.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "24:00",
                "12:60",
                "12:30:60",
                "12",
                "12:",
                "12:3",
                "12:30:",
                "12:30:1",
                "12:30:15.1234567890",
                "12:30:15Z",
                "1\u0663:30",
                "12.30"
            })
    void readsNoOtherTime(String text) {
        assertThatThrownBy(() -> LocalTime.parse(text)).isInstanceOf(DateTimeException.class);
        assertThatThrownBy(() -> TimeModule.time(text)).isInstanceOf(DateTimeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.5", "true", "[]", "{}"})
    void isText(String json) {
        for (Class<?> type : List.of(Instant.class, LocalDate.class, LocalTime.class)) {
            assertThatThrownBy(() -> mapper.readValue(json, type)).isInstanceOf(MismatchedInputException.class);
        }
    }

    private Instant read(String text) {
        return read(text, Instant.class);
    }

    private <T> T read(String text, Class<T> type) {
        return mapper.readValue('"' + text + '"', type);
    }
}
