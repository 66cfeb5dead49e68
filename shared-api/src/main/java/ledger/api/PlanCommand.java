package ledger.api;

/** Everything that can be asked of a plan. */
public sealed interface PlanCommand {

    PlanSlug plan();

    record Publish(PlanSlug plan, PlanTerms terms) implements PlanCommand {}

    /** Adds the next version; subscriptions on older ones stay as they are. */
    record Revise(PlanSlug plan, PlanTerms terms) implements PlanCommand {}

    /** From now on it takes no new subscription. */
    record Retire(PlanSlug plan) implements PlanCommand {}
}
