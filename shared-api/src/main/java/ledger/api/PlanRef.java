package ledger.api;

/** One immutable version (numbered from 1) of a plan, and the product that it is an alternative of. */
public record PlanRef(PlanSlug slug, int version, ProductSlug product) {}
