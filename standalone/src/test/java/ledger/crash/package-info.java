/** Breaks what runs while clients command it, and compares what is left with what was acknowledged. */
@NullMarked
package ledger.crash;

import org.jspecify.annotations.NullMarked;
