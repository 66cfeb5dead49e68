package ledger.command.domain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ledger.api.Anchor;
import ledger.api.AuditEvent.HistoryViewed;
import ledger.api.AuditEvent.LedgerExported;
import ledger.api.AuditEvent.LedgerFollowed;
import ledger.api.AuditEvent.PastViewed;
import ledger.api.AuditEvent.WhatIfAsked;
import ledger.api.BillingPeriod;
import ledger.api.CustomerId;
import ledger.api.EventType;
import ledger.api.EventTypes;
import ledger.api.LedgerEvent;
import ledger.api.Limit;
import ledger.api.Metric;
import ledger.api.Money;
import ledger.api.Paid;
import ledger.api.PlanEvent.Published;
import ledger.api.PlanEvent.Retired;
import ledger.api.PlanEvent.Revised;
import ledger.api.PlanRef;
import ledger.api.PlanSlug;
import ledger.api.PlanTerms;
import ledger.api.Price;
import ledger.api.ProductEvent.PolicySet;
import ledger.api.ProductSlug;
import ledger.api.Reference;
import ledger.api.SubscriptionEvent.Activated;
import ledger.api.SubscriptionEvent.AutoRenewSet;
import ledger.api.SubscriptionEvent.Canceled;
import ledger.api.SubscriptionEvent.CancellationScheduled;
import ledger.api.SubscriptionEvent.Corrected;
import ledger.api.SubscriptionEvent.Expired;
import ledger.api.SubscriptionEvent.Paused;
import ledger.api.SubscriptionEvent.PeriodStarted;
import ledger.api.SubscriptionEvent.PlanChangeScheduled;
import ledger.api.SubscriptionEvent.PlanChangeWithdrawn;
import ledger.api.SubscriptionEvent.PlanChanged;
import ledger.api.SubscriptionEvent.QuantityChanged;
import ledger.api.SubscriptionEvent.Reinstated;
import ledger.api.SubscriptionEvent.Renewed;
import ledger.api.SubscriptionEvent.Resumed;
import ledger.api.SubscriptionEvent.Stated;
import ledger.api.SubscriptionEvent.Subscribed;
import ledger.api.Term;
import ledger.api.UsageEvent;
import ledger.command.store.StoredJson;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The stored JSON of every event, pinned for ever in {@code /events.golden.ndjson}. A line there may be added, never changed:
 * what it says is in somebody's ledger. Where an event must look different, it gets a new revision and an upcaster.
 */
class GoldenEventsTest {

    private static final JsonMapper STORE = StoredJson.MAPPER;

    private static final Instant AT = Instant.parse("2026-01-31T15:00:00.123456Z");
    private static final Instant END = Instant.parse("2026-02-28T15:00:00.123456Z");
    private static final Instant NEXT_END = Instant.parse("2026-03-31T14:00:00.123456Z");
    private static final Term MONTH = Term.MONTHLY;
    private static final PlanSlug PRO = new PlanSlug("pro");
    private static final ProductSlug SUITE = new ProductSlug("suite");
    private static final PlanRef PLAN = new PlanRef(PRO, 2, SUITE);
    private static final Money AMOUNT = Money.of(1900, "USD");
    private static final Price PRICE = new Price(MONTH, AMOUNT, Price.Per.UNIT);
    private static final BillingPeriod PERIOD = new BillingPeriod(1, AT, END, "2026a");
    private static final BillingPeriod NEXT = new BillingPeriod(2, END, NEXT_END, "2026a");
    private static final Anchor ANCHOR = new Anchor(
            LocalDate.of(2026, 1, 31), 31, LocalTime.of(16, 0, 0, 123_456_000), ZoneId.of("Europe/Berlin"), MONTH);
    private static final Anchor MIDNIGHT = new Anchor(
            LocalDate.of(2026, 1, 31),
            1,
            LocalTime.MIDNIGHT,
            ZoneId.of("America/Argentina/Buenos_Aires"),
            new Term(2, Term.Unit.WEEK));

    private static final PlanTerms TERMS = new PlanTerms(
            SUITE,
            "Pro “für alle”",
            "All of it\n𝄞",
            List.of(PRICE, new Price(Term.YEARLY, Money.of(Money.MOST, "USD"), Price.Per.FLAT)),
            14,
            List.of(
                    new Limit(new Metric("api-calls"), 100_000, Limit.Kind.PER_PERIOD, Limit.Mode.HARD),
                    new Limit(new Metric("projects"), 0, Limit.Kind.ALLOCATION, Limit.Mode.SOFT)),
            features());
    private static final PlanTerms FEWEST_TERMS = new PlanTerms(
            new ProductSlug("default"),
            "Free",
            null,
            List.of(new Price(MONTH, Money.of(0, "EGP"), Price.Per.FLAT)),
            0,
            List.of(),
            null);

    private static final List<LedgerEvent> EVENTS = List.of(
            new Published(PRO, AT, 1, TERMS),
            new Published(new PlanSlug("free"), Instant.parse("2026-01-31T00:00:00Z"), 1, FEWEST_TERMS),
            new Revised(PRO, AT, 2, FEWEST_TERMS),
            new Retired(PRO, AT),
            new PolicySet(SUITE, AT, 3),
            new PolicySet(SUITE, AT, null),
            new Subscribed(
                    Sample.ID,
                    AT,
                    new CustomerId("customer-7"),
                    new Reference("order 4711"),
                    PLAN,
                    PRICE,
                    3,
                    true,
                    ANCHOR,
                    PERIOD,
                    AMOUNT.times(3),
                    1),
            new Subscribed(
                    Sample.ID,
                    AT,
                    new CustomerId("customer-7"),
                    null,
                    PLAN,
                    PRICE,
                    1,
                    false,
                    MIDNIGHT,
                    new BillingPeriod(0, AT, END, "2026a"),
                    Money.of(0, "USD"),
                    null),
            new Activated(Sample.ID, END, PLAN, PRICE, 1, ANCHOR, NEXT, AMOUNT),
            new Renewed(Sample.ID, END, PLAN, PRICE, 1, ANCHOR, NEXT, AMOUNT, null),
            new Renewed(Sample.ID, END, PLAN, PRICE, 1, ANCHOR, NEXT, AMOUNT, 1),
            new PeriodStarted(Sample.ID, END, NEXT),
            new CancellationScheduled(Sample.ID, AT, END, "too dear"),
            new CancellationScheduled(Sample.ID, AT, END, null),
            new Reinstated(Sample.ID, AT),
            new Canceled(Sample.ID, AT, PERIOD, AMOUNT, "too dear"),
            new Canceled(Sample.ID, AT, PERIOD, AMOUNT, null),
            new Expired(Sample.ID, END, PERIOD),
            new AutoRenewSet(Sample.ID, AT, false),
            new PlanChanged(
                    Sample.ID,
                    AT,
                    PLAN,
                    PRICE,
                    1,
                    ANCHOR,
                    new Paid(PERIOD, AT, AMOUNT),
                    Paid.whole(NEXT, AMOUNT),
                    Money.of(700, "USD"),
                    Money.of(3800, "USD")),
            new PlanChanged(
                    Sample.ID,
                    AT,
                    PLAN,
                    PRICE,
                    1,
                    ANCHOR,
                    new Paid(PERIOD, AT, AMOUNT),
                    null,
                    Money.of(700, "USD"),
                    Money.of(1900, "USD")),
            new PlanChangeScheduled(Sample.ID, AT, PLAN, PRICE, END),
            new PlanChangeWithdrawn(Sample.ID, AT),
            new QuantityChanged(
                    Sample.ID,
                    AT,
                    PLAN,
                    PRICE,
                    5,
                    ANCHOR,
                    new Paid(PERIOD, AT, AMOUNT.times(5)),
                    Paid.whole(NEXT, AMOUNT.times(5)),
                    Money.of(0, "USD"),
                    Money.of(3800, "USD")),
            new QuantityChanged(
                    Sample.ID,
                    AT,
                    PLAN,
                    PRICE,
                    5,
                    ANCHOR,
                    new Paid(PERIOD, AT, AMOUNT.times(5)),
                    null,
                    Money.of(1900, "USD"),
                    Money.of(0, "USD")),
            new Paused(Sample.ID, AT, END),
            new Paused(Sample.ID, AT, null),
            new Resumed(Sample.ID, END, AT, ANCHOR, new Paid(PERIOD, AT, AMOUNT), Paid.whole(NEXT, AMOUNT)),
            new Resumed(Sample.ID, END, AT, ANCHOR, new Paid(PERIOD, AT, AMOUNT), null),
            new Corrected(
                    Sample.ID,
                    END,
                    new Stated(3, "subscription.renewed", AT, AMOUNT, null),
                    "charged twice",
                    AMOUNT,
                    Money.of(0, "USD"),
                    null),
            new Corrected(
                    Sample.ID,
                    END,
                    new Stated(4, "subscription.plan-changed", AT, AMOUNT, Money.of(700, "USD")),
                    "wrong day",
                    Money.of(0, "USD"),
                    Money.of(5, "USD"),
                    AT),
            new UsageEvent.Recorded(
                    Sample.ID,
                    AT,
                    new Metric("api-calls"),
                    PLAN,
                    new Limit(new Metric("api-calls"), 100_000, Limit.Kind.PER_PERIOD, Limit.Mode.HARD),
                    PERIOD,
                    40,
                    100),
            new UsageEvent.Recorded(
                    Sample.ID,
                    AT,
                    new Metric("projects"),
                    PLAN,
                    new Limit(new Metric("projects"), 0, Limit.Kind.ALLOCATION, Limit.Mode.SOFT),
                    PERIOD,
                    -2,
                    3),
            new HistoryViewed(AT, "ann", "/v1/subscriptions/" + Sample.ID + "/history", Map.of("limit", "10")),
            new PastViewed(AT, "ann", "/v1/subscriptions", Map.of("asOf", "2026-01-31T15:00:00Z")),
            new WhatIfAsked(AT, "ann", "/v1/subscriptions/" + Sample.ID + "/what-if", Map.of("plan", "team")),
            new LedgerExported(AT, "ann", "/v1/ledger/export", Map.of()),
            new LedgerFollowed(AT, "ann", "/v1/ledger/events", Map.of("after", "7")));

    @Test
    void what_is_written_is_what_was_always_written() throws IOException {
        assertThat(EVENTS.stream().map(GoldenEventsTest::line)).containsExactlyElementsOf(golden());
    }

    @Test
    void what_was_written_is_read_as_what_it_was() throws IOException {
        assertThat(golden().stream().map(GoldenEventsTest::event)).containsExactlyElementsOf(EVENTS);
    }

    @Test
    void no_event_was_forgotten() {
        assertThat(EVENTS.stream()
                        .map(event -> EventTypes.of(event.getClass()).value())
                        .distinct()
                        .sorted())
                .containsExactlyElementsOf(EventTypes.names());
    }

    private static List<String> golden() throws IOException {
        try (InputStream file = GoldenEventsTest.class.getResourceAsStream("/events.golden.ndjson")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static String line(LedgerEvent event) {
        EventType type = EventTypes.of(event.getClass());
        return "{\"type\":\"" + type.value() + "\",\"revision\":" + type.revision() + ",\"payload\":"
                + STORE.writeValueAsString(event) + "}";
    }

    private static LedgerEvent event(String line) {
        Stored stored = STORE.readValue(line, Stored.class);
        return STORE.treeToValue(stored.payload(), EventTypes.named(stored.type()));
    }

    private record Stored(String type, int revision, JsonNode payload) {}

    /** Any JSON that a client may send, in its order; numbers with their digits. */
    private static Map<String, Object> features() {
        Map<String, Object> features = new LinkedHashMap<>();
        features.put("support", "24/7");
        features.put("beta", true);
        features.put("seats", 5);
        features.put("bytes", 9_007_199_254_740_993L);
        features.put("share", new BigDecimal("0.10"));
        features.put("nothing", null);
        features.put("nested", List.of(Map.of("a", 1), List.of()));
        return features;
    }
}
