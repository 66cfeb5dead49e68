package ledger.query.limit;

import static ledger.query.Facts.FIRST;
import static ledger.query.Facts.SECOND;
import static ledger.query.Facts.START;
import static ledger.query.Facts.THIRD;
import static ledger.query.Facts.id;
import static ledger.query.Facts.renewed;
import static ledger.query.Facts.subscribed;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import ledger.api.SubscriptionView;
import ledger.query.subscription.SubscriptionFold;
import org.junit.jupiter.api.Test;

class CountersTest {

    private static final Instant SOON = START.plus(Duration.ofDays(1));

    @Test
    void what_is_paid_for_ends_with_the_last_period_that_was_bought() {
        SubscriptionView bought = SubscriptionFold.fold(null, subscribed(id(1), true), 0);
        assertThat(Counters.paidThrough(bought, SOON)).isEqualTo(FIRST.end());
        assertThat(Counters.paidThrough(bought, SECOND.start()))
                .as("not noticed yet")
                .isEqualTo(SECOND.end());

        SubscriptionView ahead = SubscriptionFold.fold(bought, renewed(id(1), SOON, SECOND), 1);
        assertThat(Counters.paidThrough(ahead, SOON)).isEqualTo(SECOND.end());
        assertThat(Counters.paidThrough(ahead, THIRD.start())).isEqualTo(THIRD.end());
    }
}
