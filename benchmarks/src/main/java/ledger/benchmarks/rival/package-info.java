/** What the ledger is compared to: the same two commands on Axon's own storage engines, and a handler that does nothing. */
@NullMarked
package ledger.benchmarks.rival;

import org.jspecify.annotations.NullMarked;
