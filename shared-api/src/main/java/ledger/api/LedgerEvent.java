package ledger.api;

import java.time.Instant;

/** A fact of the ledger. {@code at} is its effective time: when it holds in the business, however late it was written. */
public sealed interface LedgerEvent permits SubscriptionEvent, PlanEvent, ProductEvent, UsageEvent, AuditEvent {
    Instant at();
}
