/** Counts and sums over everything that a tenant has. */
@NullMarked
package ledger.query.statistics;

import org.jspecify.annotations.NullMarked;
