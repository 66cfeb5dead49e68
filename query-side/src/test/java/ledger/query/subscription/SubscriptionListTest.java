package ledger.query.subscription;

import static ledger.query.Facts.ANCHOR;
import static ledger.query.Facts.FIRST;
import static ledger.query.Facts.START;
import static ledger.query.Facts.id;
import static ledger.query.Facts.subscribed;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import ledger.api.BillingPeriod;
import ledger.api.CustomerId;
import ledger.api.Money;
import ledger.api.PlanRef;
import ledger.api.PlanSlug;
import ledger.api.Price;
import ledger.api.ProductSlug;
import ledger.api.Reference;
import ledger.api.SubscriptionEvent.CancellationScheduled;
import ledger.api.SubscriptionEvent.Expired;
import ledger.api.SubscriptionEvent.Subscribed;
import ledger.api.Term;
import ledger.query.Ledger;
import ledger.query.Node;
import ledger.query.Node.Answer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class SubscriptionListTest {

    private static final Ledger LEDGER = Ledger.create();
    private static Node node;
    private static long last;

    /** The time is the 20th of February: what has ended by then, ended by an event or by the clock alone. */
    @BeforeAll
    static void nine_subscriptions() {
        LEDGER.execute("insert into ledger.clock (tenant, used, now) values ('default', true, '2026-02-20T00:00:00Z')");
        for (int number = 1; number <= 5; number++) {
            LEDGER.append(subscribed(id(number), "many", period(number), true));
        }
        LEDGER.append(subscribed(id(6), "ends", period(6), false));
        LEDGER.append(subscribed(id(7), "over", shortTerm(), false));
        LEDGER.append(new Expired(id(7), shortTerm().end(), shortTerm()));
        LEDGER.append(subscribed(id(8), "overdue", shortTerm(), false));
        LEDGER.append(subscribed(id(9), "overdue", shortTerm(), true));
        LEDGER.append(new CancellationScheduled(id(9), START, shortTerm().end(), "bye"));
        LEDGER.append(other());
        last = LEDGER.append("elsewhere", subscribed(id(99), "many", FIRST, true));
        node = Node.start(LEDGER);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                  | 1 2 3 4 5 6 7 8 9 10",
                "customerId=many                   | 1 2 3 4 5",
                "customerId=nobody                 | ",
                "reference=order-10                | 10",
                "product=crm                       | 1 2 3 4 5 6 7 8 9",
                "product=other                     | 10",
                "plan=max                          | 10",
                "status=ACTIVE                     | 1 2 3 4 5 6 10",
                "status=EXPIRED                    | 7 8",
                "status=CANCELED                   | 9",
                "status=PAUSED                     | ",
                "autoRenew=false                   | 6 7 8",
                "autoRenew=true                    | 1 2 3 4 5 9 10",
                "endsBefore=2026-03-04T00:00:00Z   | 1 2 3",
                "endsAfter=2026-03-04T00:00:00Z    | 4 5 6 10",
                "endsAfter=2026-03-02T00:00:00Z&endsBefore=2026-03-04T00:00:00Z&sort=-periodEnd | 3 2",
                "status=EXPIRED&endsBefore=2030-01-01T00:00:00Z | ",
                "sort=startedAt                    | 7 8 9 10 1 2 3 4 5 6",
                "sort=-startedAt                   | 6 5 4 3 2 1 10 9 8 7",
                "sort=-periodEnd&customerId=many   | 5 4 3 2 1",
                "customerId=many&status=ACTIVE&autoRenew=true&product=crm&plan=pro | 1 2 3 4 5",
            })
    void a_list_shows_what_was_asked_for_at_once_and_page_by_page(@Nullable String query, @Nullable String expected) {
        List<String> numbers = expected == null ? List.of() : List.of(expected.split(" "));
        assertThat(read(query, 200)).isEqualTo(numbers);
        assertThat(read(query, 1)).isEqualTo(numbers);
        assertThat(read(query, 3)).isEqualTo(numbers);
    }

    @Test
    void what_is_over_says_so_before_its_event_has_arrived() {
        JsonNode expired = node.getAt(last, "/v1/subscriptions/" + id(8)).json();
        assertThat(expired.path("status").asString()).isEqualTo("EXPIRED");
        assertThat(expired.path("endedAt").asString())
                .isEqualTo(shortTerm().end().toString());
        JsonNode canceled = node.getAt(last, "/v1/subscriptions/" + id(9)).json();
        assertThat(canceled.path("status").asString()).isEqualTo("CANCELED");
        assertThat(canceled.path("cancelReason").asString()).isEqualTo("bye");
        assertThat(canceled.has("endsAt")).isFalse();
    }

    /** One is answered as it is stored, a list is written again: a client must not be able to tell. */
    @Test
    void one_is_answered_letter_by_letter_as_in_a_list() {
        String list = node.getAt(last, "/v1/subscriptions?limit=200").response().body();
        for (int number = 1; number <= 10; number++) {
            Answer one = node.getAt(last, "/v1/subscriptions/" + id(number));
            assertThat(one.status()).isEqualTo(200);
            assertThat(list).contains(one.response().body());
        }
    }

    @Test
    void nobody_sees_what_belongs_to_another_tenant() {
        assertThat(node.getAt(last, "/v1/subscriptions/" + id(99)).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/subscriptions/x, 404, subscription-not-found",
        "/v1/subscriptions/00000000-0000-7000-0000-0000000000ff, 404, subscription-not-found",
        "/v1/subscriptions?since=2026-01-01T00:00:00Z, 400, unknown-parameter",
        "/v1/subscriptions?asOf=2999-01-01T00:00:00Z, 400, as-of-in-future",
        "/v1/subscriptions?sort=price, 400, invalid-parameter",
        "/v1/subscriptions?sort=-, 400, invalid-parameter",
        "/v1/subscriptions?limit=0, 400, invalid-parameter",
        "/v1/subscriptions?autoRenew=2, 400, invalid-parameter",
        "/v1/subscriptions?cursor=x, 400, invalid-cursor",
        "/v1/subscriptions?status=LIVE, 400, invalid-parameter",
        "/v1/subscriptions?customerId=%00, 400, invalid-parameter",
        "/v1/subscriptions?endsBefore=2026-01-01, 400, invalid-parameter",
    })
    void what_makes_no_sense_is_refused(String path, int status, String code) {
        Answer answer = node.get(path);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().path("code").asString()).isEqualTo(code);
    }

    @Test
    void a_cursor_is_good_for_its_own_order_and_question_only() {
        String cursor = node.getAt(last, "/v1/subscriptions?limit=1")
                .json()
                .path("nextCursor")
                .asString();
        assertThat(node.get("/v1/subscriptions?sort=startedAt&cursor=" + cursor).status())
                .isEqualTo(400);
        for (String other : List.of("product=app", "status=ACTIVE", "asOf=2026-01-01T00:00:00Z")) {
            assertThat(node.get("/v1/subscriptions?" + other + "&cursor=" + cursor)
                            .status())
                    .as(other)
                    .isEqualTo(400);
        }
        assertThat(node.get("/v1/plans?cursor=" + cursor).status()).isEqualTo(400);
    }

    private static List<String> read(@Nullable String query, int limit) {
        List<String> numbers = new ArrayList<>();
        String cursor = "";
        do {
            String path = "/v1/subscriptions?limit=" + limit + (query == null ? "" : "&" + query) + cursor;
            JsonNode page = node.getAt(last, path).json();
            page.path("items").forEach(item -> numbers.add(number(item)));
            cursor = page.has("nextCursor")
                    ? "&cursor=" + page.path("nextCursor").asString()
                    : "";
        } while (!cursor.isEmpty());
        return numbers;
    }

    private static String number(JsonNode item) {
        String id = item.path("subscriptionId").asString();
        return Long.toString(Long.parseLong(id.substring(id.lastIndexOf('-') + 1), 16));
    }

    private static BillingPeriod period(int number) {
        Instant end = Instant.parse("2026-03-01T00:00:00Z").plus(Duration.ofDays(number - 1L));
        return new BillingPeriod(1, START.plus(Duration.ofHours(number)), end, "2026a");
    }

    private static BillingPeriod shortTerm() {
        return new BillingPeriod(1, START, START.plus(Duration.ofDays(7)), "2026a");
    }

    private static Subscribed other() {
        Price yearly = new Price(Term.YEARLY, Money.of(12000, "EUR"), Price.Per.FLAT);
        return new Subscribed(
                id(10),
                START,
                new CustomerId("other"),
                new Reference("order-10"),
                new PlanRef(new PlanSlug("max"), 1, new ProductSlug("other")),
                yearly,
                1,
                true,
                ANCHOR.withTerm(Term.YEARLY),
                new BillingPeriod(1, START, Instant.parse("2027-01-31T00:00:00Z"), "2026a"),
                yearly.amount(),
                1);
    }
}
