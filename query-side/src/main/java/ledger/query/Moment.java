package ledger.query;

import java.time.Instant;

/** A point in both times: what held {@code at} then, by events that were recorded until {@code known}. */
public record Moment(Instant at, Instant known) {}
