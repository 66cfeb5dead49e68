package ledger.api;

import java.time.Instant;

/** The life of a plan: versions are only ever added. */
public sealed interface PlanEvent extends LedgerEvent {

    PlanSlug plan();

    @EventType("plan.published")
    record Published(PlanSlug plan, Instant at, int version, PlanTerms terms) implements PlanEvent {}

    @EventType("plan.revised")
    record Revised(PlanSlug plan, Instant at, int version, PlanTerms terms) implements PlanEvent {}

    @EventType("plan.retired")
    record Retired(PlanSlug plan, Instant at) implements PlanEvent {}
}
