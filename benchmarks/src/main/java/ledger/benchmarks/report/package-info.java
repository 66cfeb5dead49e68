/** What was measured, for people and for programs. */
@NullMarked
package ledger.benchmarks.report;

import org.jspecify.annotations.NullMarked;
