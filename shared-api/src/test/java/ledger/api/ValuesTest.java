package ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each value takes and what it says of what it refuses: the words are the client's answer. */
class ValuesTest {

    private static final SubscriptionId ID = new SubscriptionId(new UUID(0, 1));
    private static final ZoneId UTC = ZoneId.of("UTC");

    static List<Function<String, Object>> slugs() {
        return List.of(PlanSlug::new, ProductSlug::new, TenantId::new, Metric::new);
    }

    static List<Function<String, Object>> texts() {
        return List.of(CustomerId::new, Reference::new);
    }

    @ParameterizedTest
    @MethodSource("slugs")
    void a_slug_is_lower_case_letters_digits_and_three_marks(Function<String, Object> slug) {
        for (String good : List.of("a", "7", "pro", "api-calls", "v1.2_beta", "a".repeat(63))) {
            assertThat(slug.apply(good)).hasToString(good);
        }
        for (String bad : List.of("", " ", "Pro", "-a", ".a", "_a", "a b", "a/b", "ä", "a\n", "a".repeat(64))) {
            assertThatIllegalArgumentException()
                    .as(bad)
                    .isThrownBy(() -> slug.apply(bad))
                    .withMessage(
                            "must be 1 to 63 characters a-z, 0-9, '-', '_' or '.', starting with a letter or digit");
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void an_opaque_id_is_any_printable_text(Function<String, Object> text) {
        for (String good : List.of("7", "auth0|5f7c", "Ünïcode 𝄞", "a b", "x".repeat(255))) {
            assertThat(text.apply(good)).hasToString(good);
        }
        for (String bad : List.of("", " ", "\t", "x".repeat(256))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> text.apply(bad))
                    .withMessage("must be 1 to 255 characters, not all blank");
        }
        for (String bad :
                List.of("a\0b", "a\u0007", "\ud834", "\udd1e x", "x\udd1e\ud834", "\uffff", "\ufffe", "\u0085x")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> text.apply(bad))
                    .withMessage("must not contain control characters or broken Unicode");
        }
    }

    @Test
    void a_term_is_up_to_366_of_a_unit_and_reads_as_words() {
        assertThat(Term.MONTHLY).hasToString("month");
        assertThat(new Term(366, Term.Unit.DAY).every()).isEqualTo(366);
        assertRange(every -> new Term(every, Term.Unit.DAY), 1, 366);
    }

    @Test
    void small_numbers_are_bounded() {
        assertRange(DayOfMonth::new, 1, 31);
        assertRange(Days::new, 0, 3660);
        assertRange(MaxLive::new, 1, 1_000_000);
        assertRange(Quantity::new, 1, 1_000_000);
        assertRange(quantity -> new SubscriptionCommand.ChangeQuantity(ID, quantity), 1, 1_000_000);
        assertRange(bound -> new ProductCommand.SetPolicy(new ProductSlug("default"), bound), 1, 1_000_000);
        assertThat(new ProductCommand.SetPolicy(new ProductSlug("default"), null).maxLivePerCustomer())
                .isNull();
    }

    @Test
    void a_limit_is_nothing_to_what_json_clients_count_exactly() {
        assertThat(limit(0).max()).isZero();
        assertThat(limit(Money.MOST).max()).isEqualTo(Money.MOST);
        for (long bad : new long[] {-1, Money.MOST + 1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> limit(bad))
                    .withMessage("must be from 0 to 9007199254740991");
        }
    }

    @Test
    void a_reason_is_a_few_lines_at_most() {
        assertThat(new Reason("too dear,\nsadly").value()).isEqualTo("too dear,\nsadly");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Reason("x".repeat(501)))
                .withMessage("must be 1 to 500 characters, not all blank");
    }

    @Test
    void a_subscription_starts_with_a_quantity_a_zone_a_day_and_a_trial_that_exist() {
        assertRange(quantity -> subscribe(quantity, UTC, null, 0), 1, 1_000_000);
        assertRange(day -> subscribe(1, UTC, day, 0), 1, 31);
        assertRange(days -> subscribe(1, UTC, null, days), 0, 3660);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> subscribe(1, ZoneId.of("+02:00"), null, 0))
                .withMessage("must be an IANA time zone such as UTC or Europe/Berlin");
    }

    @Test
    void time_is_from_1970_to_9999_in_microseconds() {
        assertThat(Timeline.at(Instant.EPOCH)).isEqualTo(Instant.EPOCH);
        assertThat(Timeline.at(Instant.parse("2026-01-31T10:00:00.123456789Z")))
                .isEqualTo("2026-01-31T10:00:00.123456Z");
        assertThat(Timeline.at(Instant.parse("9999-12-31T23:59:59.999999Z"))).isEqualTo("9999-12-31T23:59:59.999999Z");
        for (Instant bad : List.of(Instant.EPOCH.minusNanos(1), Instant.parse("+10000-01-01T00:00:00Z"), Instant.MAX)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Timeline.at(bad))
                    .withMessage("must be a time from 1970 to 9999");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Europe/Berlin", "Asia/Kathmandu", "America/Argentina/Buenos_Aires"})
    void a_zone_is_known_by_its_iana_name(String id) {
        assertThat(Timeline.zone(id).getId()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Z", "+01:00", "UTC+1"})
    void an_offset_is_no_zone(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Timeline.zone(id))
                .withMessage("must be an IANA time zone such as UTC or Europe/Berlin");
    }

    @Test
    void only_trialing_active_and_paused_are_live() {
        assertThat(Arrays.stream(SubscriptionStatus.values()).filter(SubscriptionStatus::isLive))
                .containsExactly(SubscriptionStatus.TRIALING, SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED);
    }

    @Test
    void a_period_contains_its_start_and_not_its_end() {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        Instant end = Instant.parse("2026-02-01T00:00:00Z");
        BillingPeriod period = new BillingPeriod(1, start, end, "2026a");
        assertThat(period.contains(start)).isTrue();
        assertThat(period.contains(end.minusNanos(1))).isTrue();
        assertThat(period.contains(end)).isFalse();
        assertThat(period.contains(start.minusNanos(1))).isFalse();
    }

    @Test
    void every_problem_has_a_code_and_a_status_of_its_kind() {
        assertThat(Problem.values())
                .extracting(Problem::code)
                .doesNotHaveDuplicates()
                .allMatch(code -> code.matches("[a-z]+(-[a-z0-9]+)*"));
        assertThat(Problem.values()).allSatisfy(problem -> {
            assertThat(problem.code())
                    .isEqualTo(problem.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
            assertThat(problem.status()).isBetween(400, 503);
        });
        Rejected rejected = Problem.NOT_DUE.because("next comes RENEWAL");
        assertThat(rejected.problem()).isEqualTo(Problem.NOT_DUE);
        assertThat(rejected.detail()).isEqualTo("next comes RENEWAL");
    }

    @Test
    void every_event_has_a_stored_name_that_leads_back_to_it() {
        assertThat(EventTypes.names())
                .isNotEmpty()
                .allMatch(name -> name.matches("(audit|plan|product|subscription|usage)\\.[a-z]+(-[a-z]+)*"));
        assertThat(EventTypes.names())
                .allSatisfy(
                        name -> assertThat(EventTypes.of(EventTypes.named(name)).value())
                                .isEqualTo(name));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventTypes.named("plan.forgotten"))
                .withMessage("unknown event type plan.forgotten");
    }

    private static void assertRange(Function<Integer, Object> value, int least, int most) {
        assertThat(value.apply(least)).isNotNull();
        assertThat(value.apply(most)).isNotNull();
        Stream.of(least - 1, most + 1, Integer.MIN_VALUE, Integer.MAX_VALUE)
                .forEach(bad -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> value.apply(bad))
                        .withMessage("must be from " + least + " to " + most));
    }

    private static Limit limit(long max) {
        return new Limit(new Metric("projects"), max, Limit.Kind.ALLOCATION, Limit.Mode.HARD);
    }

    private static SubscriptionCommand subscribe(
            int quantity, ZoneId zone, @org.jspecify.annotations.Nullable Integer anchorDay, int trialDays) {
        Offer offer = new Offer(
                new PlanRef(new PlanSlug("pro"), 1, new ProductSlug("default")),
                new Price(Term.MONTHLY, Money.of(1900, "USD"), Price.Per.UNIT));
        return new SubscriptionCommand.Subscribe(
                ID, new CustomerId("c"), null, offer, quantity, true, zone, anchorDay, trialDays, null, null);
    }
}
