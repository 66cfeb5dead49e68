package ledger.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Whoever follows the ledger gets what comes next, in order and without a gap, wherever it stands. */
class NewestEventsTest {

    private static final Ledger LEDGER = Ledger.create();

    private final Counted database = new Counted();
    private final NewestEvents newest = new NewestEvents(database);

    private static final class Counted extends DelegatingDataSource {

        final AtomicInteger reads = new AtomicInteger();

        Counted() {
            super(LEDGER.database().dataSource());
        }

        @Override
        public Connection getConnection() throws SQLException {
            reads.incrementAndGet();
            return super.getConnection();
        }
    }

    @BeforeAll
    static void fill() {
        LEDGER.fill("default", 2500, "{}");
    }

    @Test
    void those_who_stand_side_by_side_cost_one_question() {
        assertThat(after(2400)).isEqualTo(positions(2401, 2500));
        assertThat(after(2400)).isEqualTo(positions(2401, 2500));
        assertThat(after(2437)).isEqualTo(positions(2438, 2500));
        assertThat(database.reads).hasValue(1);
    }

    @Test
    void what_comes_later_is_read_and_what_is_far_behind_too() {
        assertThat(after(0)).isEqualTo(positions(1, 1000));
        assertThat(after(1000)).isEqualTo(positions(1001, 2000));
        assertThat(after(2000)).isEqualTo(positions(2001, 2500));
        assertThat(after(1600)).isEqualTo(positions(1601, 2500));
        assertThat(after(500)).isEqualTo(positions(501, 1500));
        assertThat(after(2500)).isEmpty();
        assertThat(after(2499)).isEqualTo(positions(2500, 2500));
    }

    @Test
    void nothing_is_kept_of_a_database_that_went_away() {
        after(2400);
        newest.forget();
        assertThat(after(2400)).isEqualTo(positions(2401, 2500));
        assertThat(database.reads).hasValue(2);
    }

    private List<Long> after(long position) {
        return newest.after(position).stream().map(UnreadEvent::position).toList();
    }

    private static List<Long> positions(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }
}
