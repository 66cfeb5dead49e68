@NullMarked
package ledger.query.rebuild;

import org.jspecify.annotations.NullMarked;
