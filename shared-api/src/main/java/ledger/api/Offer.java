package ledger.api;

/** What a subscription takes from the catalogue when it subscribes or changes plan; fixed in its events from then on. */
public record Offer(PlanRef plan, Price price) {}
