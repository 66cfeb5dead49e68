/** What customers may use, and how much of it they have: limits, and the question whether something is allowed now. */
@NullMarked
package ledger.query.limit;

import org.jspecify.annotations.NullMarked;
