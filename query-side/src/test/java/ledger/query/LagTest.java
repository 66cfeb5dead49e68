package ledger.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LagTest {

    private final Lag lag = new Lag();

    @Test
    void what_keeps_up_a_little_behind_is_not_further_and_further_behind() {
        long begin = System.nanoTime();
        for (long head = 1; Duration.ofNanos(System.nanoTime() - begin).toMillis() < 200; head++) {
            lag.observe(head, head - 1);
            assertThat(lag.millis(head - 1)).isLessThan(100);
            Thread.onSpinWait();
        }
    }

    @Test
    void what_stands_still_is_as_far_behind_as_its_next_event_is_old() {
        lag.observe(1, 0);
        await().until(() -> lag.millis(0) > 50);
        lag.observe(2, 0);
        assertThat(lag.millis(0)).isGreaterThan(50);
        assertThat(lag.millis(1)).isLessThan(50);
        assertThat(lag.millis(2)).isZero();
    }

    @Test
    void it_does_not_grow_with_what_is_far_behind() {
        for (int head = 1; head <= 100_000; head++) {
            lag.observe(head, 0);
        }
        await().until(() -> lag.millis(0) > 10);
        assertThat(lag.millis(99_999)).isLessThanOrEqualTo(lag.millis(0));
    }
}
