package ledger.command.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ledger.api.Offer;
import ledger.api.PlanCommand;
import ledger.api.PlanCommand.Publish;
import ledger.api.PlanCommand.Retire;
import ledger.api.PlanCommand.Revise;
import ledger.api.PlanEvent;
import ledger.api.PlanEvent.Published;
import ledger.api.PlanEvent.Retired;
import ledger.api.PlanEvent.Revised;
import ledger.api.PlanRef;
import ledger.api.PlanSlug;
import ledger.api.PlanTerms;
import ledger.api.Problem;
import ledger.api.Term;
import ledger.command.domain.PlanDecisions.PlanState.Known;
import ledger.command.domain.PlanDecisions.PlanState.OnSale;
import ledger.command.domain.PlanDecisions.PlanState.RetiredPlan;
import ledger.command.domain.PlanDecisions.PlanState.Unpublished;

/** The table of what a plan may do. */
public final class PlanDecisions {

    public sealed interface PlanState {
        record Unpublished() implements PlanState {}

        sealed interface Known extends PlanState {
            Catalogued entry();
        }

        record OnSale(Catalogued entry) implements Known {}

        record RetiredPlan(Catalogued entry) implements Known {}
    }

    /** A plan and all its versions, the first of them version 1. */
    public record Catalogued(PlanSlug slug, List<PlanTerms> versions, Instant publishedAt) {

        public int version() {
            return versions.size();
        }

        public PlanTerms terms() {
            return versions.getLast();
        }

        /** What the current version offers for a term. */
        public Optional<Offer> offer(Term term) {
            return terms().priceFor(term)
                    .map(price -> new Offer(new PlanRef(slug, version(), terms().product()), price));
        }

        Catalogued plus(PlanTerms terms, Instant at) {
            List<PlanTerms> all = new ArrayList<>(versions);
            all.add(terms);
            return new Catalogued(slug, List.copyOf(all), at);
        }
    }

    private record Attempt(PlanState state, PlanCommand command) {}

    private PlanDecisions() {}

    public static List<PlanEvent> decide(PlanState state, PlanCommand command, Instant now) {
        return switch (new Attempt(state, command)) {
            case Attempt(Unpublished _, Publish c) -> List.of(new Published(c.plan(), now, 1, c.terms()));
            case Attempt(Unpublished _, PlanCommand c) ->
                refuse(Problem.PLAN_NOT_FOUND, "there is no plan " + c.plan());
            case Attempt(Known _, Publish c) ->
                refuse(Problem.PLAN_EXISTS, c.plan() + " exists: publish a new version of it");
            case Attempt(OnSale s, Revise c) when s.entry().terms().equals(c.terms()) -> List.of();
            case Attempt(OnSale s, Revise c)
            when !s.entry().terms().product().equals(c.terms().product()) ->
                refuse(
                        Problem.OTHER_PRODUCT,
                        c.plan() + " is a plan of product " + s.entry().terms().product());
            case Attempt(OnSale s, Revise c) ->
                List.of(new Revised(c.plan(), now, s.entry().version() + 1, c.terms()));
            case Attempt(RetiredPlan _, Revise c) -> refuse(Problem.PLAN_RETIRED, c.plan() + " is retired");
            case Attempt(OnSale _, Retire c) -> List.of(new Retired(c.plan(), now));
            case Attempt(RetiredPlan _, Retire _) -> List.of();
        };
    }

    public static PlanState evolve(PlanState state, PlanEvent event) {
        return switch (event) {
            case Published e -> new OnSale(new Catalogued(e.plan(), List.of(e.terms()), e.at()));
            case Revised e -> new OnSale(((Known) state).entry().plus(e.terms(), e.at()));
            case Retired _ -> new RetiredPlan(((Known) state).entry());
        };
    }

    private static List<PlanEvent> refuse(Problem problem, String detail) {
        throw problem.because(detail);
    }
}
