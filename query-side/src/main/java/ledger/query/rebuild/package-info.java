/** Projections built aside in bulk, compared with what is served, switched and switched back; and streams that are parked. */
@NullMarked
package ledger.query.rebuild;

import org.jspecify.annotations.NullMarked;
