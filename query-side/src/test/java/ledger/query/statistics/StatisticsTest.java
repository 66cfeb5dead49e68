package ledger.query.statistics;

import static ledger.query.Facts.ANCHOR;
import static ledger.query.Facts.FIRST;
import static ledger.query.Facts.MONTHLY;
import static ledger.query.Facts.PRO;
import static ledger.query.Facts.SECOND;
import static ledger.query.Facts.START;
import static ledger.query.Facts.canceled;
import static ledger.query.Facts.id;
import static ledger.query.Facts.published;
import static ledger.query.Facts.renewed;
import static ledger.query.Facts.subscribed;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import ledger.api.BillingPeriod;
import ledger.api.CustomerId;
import ledger.api.Money;
import ledger.api.Paid;
import ledger.api.Price;
import ledger.api.SubscriptionEvent.Paused;
import ledger.api.SubscriptionEvent.QuantityChanged;
import ledger.api.SubscriptionEvent.Subscribed;
import ledger.api.SubscriptionId;
import ledger.api.Term;
import ledger.query.Ledger;
import ledger.query.Node;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class StatisticsTest {

    @Test
    void counts_and_sums_are_of_one_position_and_true_now() {
        Ledger ledger = Ledger.create();
        ledger.execute("insert into ledger.clock (tenant, used, now) values ('default', true, '2026-02-20T00:00:00Z')");
        ledger.append(published("pro", MONTHLY));
        ledger.append(subscribed(id(1), true), renewed(id(1), FIRST.end(), SECOND)); // 2 x 1900
        ledger.append(subscribed(id(2), true), new Paused(id(2), START, null)); // 2 x 1900
        ledger.append(subscribed(id(3), true), canceled(id(3), START, null));
        ledger.append(flat(4, new Term(1, Term.Unit.YEAR), "USD", 10000, Duration.ofDays(365))); // 833.33
        ledger.append(flat(5, new Term(1, Term.Unit.WEEK), "EUR", 700, Duration.ofDays(30))); // 3043.69
        ledger.append(flat(6, new Term(1, Term.Unit.DAY), "EUR", 100, Duration.ofDays(30))); // 3043.69
        ledger.append(flat(7, Term.MONTHLY, "USD", 0, Duration.ofDays(30)));
        ledger.append(flat(8, Term.MONTHLY, "USD", 5, Duration.ofDays(5))); // over since the 5th
        ledger.append(new QuantityChanged(
                id(1),
                FIRST.end(),
                PRO,
                MONTHLY,
                1,
                ANCHOR,
                Paid.whole(SECOND, MONTHLY.forQuantity(1)),
                null,
                Money.of(1234, "USD"),
                Money.of(0, "USD"))); // now 1 x 1900
        long last = ledger.append("elsewhere", subscribed(id(99), true));
        try (Node node = Node.start(ledger)) {
            assertThat(node.getAt(last, "/v1/statistics").json())
                    .isEqualTo(JsonMapper.shared().readTree("""
                    {
                      "events": {
                        "plan.published": 1, "subscription.canceled": 1, "subscription.paused": 1,
                        "subscription.quantity-changed": 1, "subscription.renewed": 1, "subscription.subscribed": 8
                      },
                      "subscriptions": {"TRIALING": 0, "ACTIVE": 5, "PAUSED": 1, "CANCELED": 1, "EXPIRED": 1},
                      "charged": [{"amount": 800, "currency": "EUR"}, {"amount": 25205, "currency": "USD"}],
                      "credited": [{"amount": 1234, "currency": "USD"}],
                      "monthlyRecurringRevenue": [{"amount": 6087, "currency": "EUR"}, {"amount": 6533, "currency": "USD"}],
                      "position": 14
                    }"""));
            assertThat(node.get("/v1/statistics?asOf=2026-02-20T00:00:01Z").status())
                    .isEqualTo(400);
        }
    }

    @Test
    void sums_may_exceed_what_one_amount_may_be() {
        Ledger ledger = Ledger.create();
        ledger.append(flat(1, Term.MONTHLY, "USD", Money.MOST, Duration.ofDays(9999)));
        long last = ledger.append(flat(2, Term.MONTHLY, "USD", Money.MOST, Duration.ofDays(9999)));
        try (Node node = Node.start(ledger)) {
            assertThat(node.getAt(last, "/v1/statistics")
                            .json()
                            .at("/charged/0/amount")
                            .asString())
                    .isEqualTo("18014398509481982");
        }
    }

    private static Subscribed flat(long number, Term term, String currency, long amount, Duration length) {
        SubscriptionId id = id(number);
        Price price = new Price(term, Money.of(amount, currency), Price.Per.FLAT);
        Instant end = START.plus(length);
        return new Subscribed(
                id,
                START,
                new CustomerId("c" + number),
                null,
                PRO,
                price,
                1,
                number != 8,
                ANCHOR.withTerm(term),
                new BillingPeriod(1, START, end, "2026a"),
                price.amount(),
                null);
    }
}
