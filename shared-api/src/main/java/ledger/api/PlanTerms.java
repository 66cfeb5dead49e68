package ledger.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one version of a plan says. Prices are one per term and in one currency; a yearly price is not below the monthly
 * one, and a plan whose monthly price is free has no paid yearly price. {@code features} is any JSON, kept as it is.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlanTerms(
        ProductSlug product,
        String name,
        @Nullable String description,
        List<Price> prices,
        int trialDays,
        List<Limit> limits,
        @Nullable Object features) {

    public static final int MOST_PRICES = 50;

    public PlanTerms {
        Check.field("name", name, value -> Check.text(value, 200));
        Check.field("description", description, PlanTerms::requireDescription);
        Check.field("trialDays", trialDays, value -> Check.between(value, 0, 3660));
        Check.field("prices", prices, PlanTerms::requirePrices);
        Check.field("limits", limits, PlanTerms::requireDistinctMetrics);
        prices = List.copyOf(prices);
        limits = List.copyOf(limits);
    }

    public Optional<Price> priceFor(Term term) {
        return Price.forTerm(prices, term);
    }

    private static void requireDescription(@Nullable String description) {
        if (description != null) {
            Check.printable(description);
            Check.between(description.length(), 0, 5000);
        }
    }

    private static void requirePrices(List<Price> prices) {
        if (prices.isEmpty() || prices.size() > MOST_PRICES) {
            throw new IllegalArgumentException("must be 1 to " + MOST_PRICES + " prices");
        }
        Set<Term> terms = new HashSet<>();
        for (Price price : prices) {
            if (!terms.add(price.term())) {
                throw new IllegalArgumentException("must have distinct terms");
            }
            if (!price.amount().currency().equals(prices.getFirst().amount().currency())) {
                throw new IllegalArgumentException("must be in one currency");
            }
        }
        amountOf(prices, Term.MONTHLY)
                .ifPresent(
                        monthly -> amountOf(prices, Term.YEARLY).ifPresent(yearly -> requireYearly(monthly, yearly)));
    }

    private static void requireYearly(long monthly, long yearly) {
        if (yearly < monthly) {
            throw new IllegalArgumentException("must not be lower for a year than for a month");
        }
        if (monthly == 0 && yearly > 0) {
            throw new IllegalArgumentException("must not have a paid year where the month is free");
        }
    }

    private static Optional<Long> amountOf(List<Price> prices, Term term) {
        return Price.forTerm(prices, term).map(price -> price.amount().amount());
    }

    private static void requireDistinctMetrics(List<Limit> limits) {
        Check.between(limits.size(), 0, 200);
        if (limits.stream().map(Limit::metric).distinct().count() < limits.size()) {
            throw new IllegalArgumentException("must have distinct metrics");
        }
    }
}
