@NullMarked
package ledger.query;

import org.jspecify.annotations.NullMarked;
