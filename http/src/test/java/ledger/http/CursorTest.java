package ledger.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import ledger.api.Rejected;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    @Test
    void a_list_is_read_to_its_end_page_by_page() {
        Page<String> first = Page.of(List.of(1, 2, 3), 2, String::valueOf, last -> Cursor.of("numbers", last));
        assertThat(first.items()).containsExactly("1", "2");
        assertThat(Cursor.<Integer>read("numbers", first.nextCursor(), key -> Integer.valueOf(key.getFirst())))
                .isEqualTo(2);
        Page<String> last = Page.of(List.of(3), 2, String::valueOf, end -> Cursor.of("numbers", end));
        assertThat(last.nextCursor()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "AAAA", "bnVtYmVycw", "bnVtYmVycx94", "b3RoZXIfMQ"})
    void a_cursor_that_was_not_issued_for_the_list_is_refused(String cursor) {
        assertThatThrownBy(() -> Cursor.<Integer>read("numbers", cursor, key -> Integer.valueOf(key.getFirst())))
                .isInstanceOf(Rejected.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-999999999-01-01T00:00:00Z",
                "+999999999-12-31T23:59:59Z",
                "1969-12-31T23:59:59Z",
                "2026-01-31",
                "2026-01-31T00:00:00Z\0"
            })
    void no_key_is_made_up(String instant) {
        String cursor = Cursor.of("times", instant).encoded();
        assertThatThrownBy(() -> Cursor.<Instant>read("times", cursor, key -> Cursor.instant(key.getFirst())))
                .isInstanceOf(Rejected.class);
        String text = Cursor.of("texts", "a\0").encoded();
        assertThatThrownBy(() -> Cursor.<String>read("texts", text, List::getFirst))
                .isInstanceOf(Rejected.class);
    }

    @Test
    void a_cursor_is_good_for_the_question_that_it_answered() {
        assertThat(Cursor.list("lists", "a", 1)).isEqualTo(Cursor.list("lists", "a", 1));
        assertThat(Cursor.list("lists", "a", 1)).isNotEqualTo(Cursor.list("lists", "a", 2));
    }
}
