/** What we claim about speed, measured side by side with what it is compared to. */
@NullMarked
package ledger.benchmarks;

import org.jspecify.annotations.NullMarked;
