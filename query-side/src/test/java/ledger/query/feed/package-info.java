@NullMarked
package ledger.query.feed;

import org.jspecify.annotations.NullMarked;
