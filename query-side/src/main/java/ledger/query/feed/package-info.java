/** The ledger itself, event by event, for those who follow, export and keep it. */
@NullMarked
package ledger.query.feed;

import org.jspecify.annotations.NullMarked;
