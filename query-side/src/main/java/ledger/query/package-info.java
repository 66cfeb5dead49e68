/** What is remembered: views that are folded from the ledger as it grows, and the questions that they answer. */
@NullMarked
package ledger.query;

import org.jspecify.annotations.NullMarked;
