package ledger.command.domain;

import static ledger.command.domain.Sample.UTC;
import static ledger.command.domain.Sample.usd;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.SplittableRandom;
import ledger.api.Anchor;
import ledger.api.BillingPeriod;
import ledger.api.Money;
import ledger.api.Paid;
import ledger.api.Term;
import org.junit.jupiter.api.Test;

/** Shares of prices, for thousands of random periods. */
class ProrationTest {

    private static final List<ZoneId> ZONES =
            List.of(UTC, ZoneId.of("America/New_York"), ZoneId.of("Australia/Lord_Howe"), ZoneId.of("Africa/Cairo"));

    private final SplittableRandom random = new SplittableRandom(20_261_123);

    @Test
    void a_period_that_starts_with_its_term_costs_the_whole_price() {
        for (int i = 0; i < 5_000; i++) {
            Instant start = instant();
            Anchor anchor = Anchor.at(start, zone(), term());
            BillingPeriod period = anchor.firstPeriod(start);
            for (int n = 0; n < 5; n++) {
                assertThat(Proration.whole(anchor, period, usd(9_999))).isEqualTo(usd(9_999));
                period = anchor.after(period);
            }
        }
    }

    @Test
    void a_shorter_first_period_and_what_came_before_it_cost_the_whole_price_together() {
        for (int i = 0; i < 5_000; i++) {
            Instant start = instant();
            Anchor anchor = Anchor.at(start, zone(), term()).onDay(random.nextInt(1, 32));
            BillingPeriod shorter = anchor.firstPeriod(start);
            Instant boundary = anchor.boundaryBefore(shorter.end());
            if (boundary.isBefore(start)) {
                Money price = usd(random.nextLong(1_000_000));
                Duration term = Duration.between(boundary, shorter.end());
                Money missed = price.share(Duration.between(boundary, start), term);
                Money charged = Proration.whole(anchor, shorter, price);
                assertThat(charged.plus(missed).amount()).isBetween(price.amount(), price.amount() + 1);
            }
        }
    }

    @Test
    void what_is_left_of_a_charge_never_grows_and_is_never_more_than_the_charge() {
        for (int i = 0; i < 5_000; i++) {
            Instant start = instant();
            BillingPeriod period = Anchor.at(start, zone(), term()).firstPeriod(start);
            Paid paid = Paid.whole(period, usd(random.nextLong(100_000)));
            Money left = paid.amount();
            for (Instant at = start; at.isBefore(period.end()); at = at.plusSeconds(random.nextLong(1, 864_000))) {
                assertThat(paid.unusedAt(at).amount()).isBetween(0L, left.amount());
                left = paid.unusedAt(at);
            }
            assertThat(paid.unusedAt(period.end())).isEqualTo(usd(0));
        }
    }

    private Instant instant() {
        return Instant.ofEpochSecond(random.nextLong(1_000_000_000L, 2_200_000_000L))
                .plusNanos(1_000L * random.nextInt(1_000_000));
    }

    private ZoneId zone() {
        return ZONES.get(random.nextInt(ZONES.size()));
    }

    private Term term() {
        return new Term(random.nextInt(1, 13), Term.Unit.values()[random.nextInt(Term.Unit.values().length)]);
    }
}
