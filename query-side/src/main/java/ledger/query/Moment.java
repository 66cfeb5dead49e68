package ledger.query;

import java.time.Instant;
import java.util.concurrent.Future;

/**
 * A point in both times: what held {@code at} then, by events that were recorded until {@code known}. {@code audited} is done once the
 * ledger says that somebody asked about it.
 */
public record Moment(Instant at, Instant known, Future<?> audited) {}
