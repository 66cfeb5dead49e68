@NullMarked
package ledger.query.seal;

import org.jspecify.annotations.NullMarked;
