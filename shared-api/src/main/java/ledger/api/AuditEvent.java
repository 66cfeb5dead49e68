package ledger.api;

import java.time.Instant;
import java.util.Map;

/**
 * Who used an auditor's means: {@code actor} asked for {@code resource}, a path of the interface, with these {@code parameters}. Kept in
 * a stream for each tenant, actor and day.
 */
public sealed interface AuditEvent extends LedgerEvent {

    String actor();

    String resource();

    Map<String, String> parameters();

    /** Every event of a subscription, a plan or a customer. */
    @EventType("audit.history-viewed")
    record HistoryViewed(Instant at, String actor, String resource, Map<String, String> parameters)
            implements AuditEvent {}

    /** A view as it held at another time. */
    @EventType("audit.past-viewed")
    record PastViewed(Instant at, String actor, String resource, Map<String, String> parameters)
            implements AuditEvent {}

    /** What a history would have been under other conditions. */
    @EventType("audit.what-if-asked")
    record WhatIfAsked(Instant at, String actor, String resource, Map<String, String> parameters)
            implements AuditEvent {}

    /** The ledger's own lines. */
    @EventType("audit.ledger-exported")
    record LedgerExported(Instant at, String actor, String resource, Map<String, String> parameters)
            implements AuditEvent {}

    /** The stream of events, from a position on. */
    @EventType("audit.ledger-followed")
    record LedgerFollowed(Instant at, String actor, String resource, Map<String, String> parameters)
            implements AuditEvent {}
}
