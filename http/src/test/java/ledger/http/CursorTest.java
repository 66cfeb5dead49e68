package ledger.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
