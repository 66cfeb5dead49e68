/** What auditors see: each event of a subscription, a plan or a customer, explained. */
@NullMarked
package ledger.query.history;

import org.jspecify.annotations.NullMarked;
