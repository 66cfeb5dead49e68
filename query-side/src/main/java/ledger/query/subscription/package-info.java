/** Subscriptions as their readers see them. */
@NullMarked
package ledger.query.subscription;

import org.jspecify.annotations.NullMarked;
