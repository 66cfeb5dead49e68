@NullMarked
package ledger.query.history;

import org.jspecify.annotations.NullMarked;
