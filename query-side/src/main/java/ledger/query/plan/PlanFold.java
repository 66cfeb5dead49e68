package ledger.query.plan;

import static java.util.Objects.requireNonNull;

import ledger.api.PlanEvent;
import ledger.api.PlanEvent.Published;
import ledger.api.PlanEvent.Retired;
import ledger.api.PlanEvent.Revised;
import ledger.api.PlanTerms;
import ledger.api.PlanView;
import org.jspecify.annotations.Nullable;

/** How an event changes what readers see of a plan: its newest version, and whether it still takes subscriptions. */
public final class PlanFold {

    private PlanFold() {}

    public static PlanView fold(@Nullable PlanView view, PlanEvent event, long version) {
        return switch (event) {
            case Published e -> PlanView.of(e.plan(), e.version(), e.terms(), false, e.at(), version);
            case Revised e ->
                PlanView.of(
                        e.plan(), e.version(), e.terms(), requireNonNull(view).retired(), e.at(), version);
            case Retired _ -> with(requireNonNull(view), true, version);
        };
    }

    /** An older version as it is to be seen now: what it says stays, what became of the plan does not. */
    static PlanView older(PlanView older, PlanView current) {
        return with(older, current.retired(), current.version());
    }

    private static PlanView with(PlanView view, boolean retired, long version) {
        PlanTerms terms = new PlanTerms(
                view.product(),
                view.name(),
                view.description(),
                view.prices(),
                view.trialDays(),
                view.limits(),
                view.features());
        return PlanView.of(view.slug(), view.planVersion(), terms, retired, view.publishedAt(), version);
    }
}
