package ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlanTermsTest {

    private static final Price MONTHLY = price(Term.MONTHLY, 1900, "USD");
    private static final Term QUARTERLY = new Term(3, Term.Unit.MONTH);

    @Test
    void a_year_may_cost_what_a_month_costs_but_not_less() {
        assertThat(prices(MONTHLY, price(Term.YEARLY, 1900, "USD")).prices()).hasSize(2);
        assertRefused(
                "prices",
                "must not be lower for a year than for a month",
                () -> prices(MONTHLY, price(Term.YEARLY, 1899, "USD")));
        assertRefused(
                "prices",
                "must not be lower for a year than for a month",
                () -> prices(price(Term.YEARLY, 1899, "USD"), MONTHLY));
    }

    @Test
    void a_free_plan_has_no_paid_year() {
        Price free = price(Term.MONTHLY, 0, "USD");
        assertThat(prices(free, price(Term.YEARLY, 0, "USD")).prices()).hasSize(2);
        assertRefused(
                "prices",
                "must not have a paid year where the month is free",
                () -> prices(free, price(Term.YEARLY, 1, "USD")));
    }

    @Test
    void a_plan_with_a_yearly_price_alone_may_cost_anything() {
        assertThat(prices(price(Term.YEARLY, 1, "USD")).priceFor(Term.YEARLY)).isPresent();
    }

    @Test
    void prices_have_distinct_terms_and_one_currency() {
        assertRefused("prices", "must have distinct terms", () -> prices(MONTHLY, MONTHLY));
        assertRefused("prices", "must be in one currency", () -> prices(MONTHLY, price(QUARTERLY, 1, "EUR")));
        assertThat(prices(MONTHLY, price(QUARTERLY, 1, "USD")).priceFor(QUARTERLY))
                .contains(price(QUARTERLY, 1, "USD"));
        assertThat(prices(MONTHLY).priceFor(QUARTERLY)).isEmpty();
    }

    @Test
    void a_plan_has_at_least_one_price_and_not_more_than_anybody_reads() {
        List<Price> many = new ArrayList<>();
        for (int every = 1; every <= PlanTerms.MOST_PRICES + 1; every++) {
            many.add(price(new Term(every, Term.Unit.DAY), 1, "USD"));
        }
        assertThat(prices(many.subList(1, many.size()).toArray(Price[]::new)).prices())
                .hasSize(PlanTerms.MOST_PRICES);
        assertRefused("prices", "must be 1 to 50 prices", PlanTermsTest::prices);
        assertRefused("prices", "must be 1 to 50 prices", () -> prices(many.toArray(Price[]::new)));
    }

    @Test
    void a_metric_has_one_limit() {
        Limit calls = new Limit(new Metric("api-calls"), 1000, Limit.Kind.PER_PERIOD, Limit.Mode.HARD);
        Limit more = new Limit(new Metric("api-calls"), 2000, Limit.Kind.ALLOCATION, Limit.Mode.SOFT);
        assertRefused("limits", "must have distinct metrics", () -> terms("Pro", null, 0, List.of(calls, more)));
        assertThat(terms("Pro", null, 0, List.of(calls)).limits()).containsExactly(calls);
    }

    @Test
    void a_name_a_description_and_a_trial_are_bounded() {
        assertThat(terms("Pro", "All of it\n\tand more", 3660, List.of()).name())
                .isEqualTo("Pro");
        assertRefused("name", "must be 1 to 200 characters, not all blank", () -> terms(" ", null, 0, List.of()));
        assertRefused(
                "name", "must be 1 to 200 characters, not all blank", () -> terms("x".repeat(201), null, 0, List.of()));
        assertRefused("description", "must be from 0 to 5000", () -> terms("Pro", "x".repeat(5001), 0, List.of()));
        assertRefused(
                "description",
                "must not contain control characters or broken Unicode",
                () -> terms("Pro", "\0", 0, List.of()));
        assertRefused("trialDays", "must be from 0 to 3660", () -> terms("Pro", null, 3661, List.of()));
        assertRefused("trialDays", "must be from 0 to 3660", () -> terms("Pro", null, -1, List.of()));
    }

    @Test
    void what_was_published_cannot_be_changed_through_the_lists_it_was_made_of() {
        List<Price> prices = new ArrayList<>(List.of(MONTHLY));
        PlanTerms terms = new PlanTerms(new ProductSlug("default"), "Pro", null, prices, 0, List.of(), null);
        Collections.addAll(prices, price(QUARTERLY, 1, "USD"));
        assertThat(terms.prices()).containsExactly(MONTHLY);
    }

    private static void assertRefused(String field, String message, Runnable creation) {
        assertThatExceptionOfType(InvalidField.class)
                .isThrownBy(creation::run)
                .withMessage(message)
                .extracting(InvalidField::field)
                .isEqualTo(field);
    }

    private static PlanTerms prices(Price... prices) {
        return new PlanTerms(new ProductSlug("default"), "Pro", null, List.of(prices), 0, List.of(), null);
    }

    private static PlanTerms terms(String name, @Nullable String description, int trialDays, List<Limit> limits) {
        return new PlanTerms(new ProductSlug("default"), name, description, List.of(MONTHLY), trialDays, limits, null);
    }

    private static Price price(Term term, long amount, String currency) {
        return new Price(term, Money.of(amount, currency), Price.Per.FLAT);
    }
}
