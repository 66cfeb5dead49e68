@NullMarked
package ledger.query.limit;

import org.jspecify.annotations.NullMarked;
