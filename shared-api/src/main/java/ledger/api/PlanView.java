package ledger.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One version of a plan as its readers see it. {@code version} is the ETag: it counts the plan's events from 0. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlanView(
        PlanSlug slug,
        int planVersion,
        ProductSlug product,
        String name,
        @Nullable String description,
        List<Price> prices,
        int trialDays,
        List<Limit> limits,
        @Nullable Object features,
        boolean retired,
        Instant publishedAt,
        long version) {

    public static PlanView of(
            PlanSlug slug, int planVersion, PlanTerms terms, boolean retired, Instant publishedAt, long version) {
        return new PlanView(
                slug,
                planVersion,
                terms.product(),
                terms.name(),
                terms.description(),
                terms.prices(),
                terms.trialDays(),
                terms.limits(),
                terms.features(),
                retired,
                publishedAt,
                version);
    }
}
