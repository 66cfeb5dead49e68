@NullMarked
package ledger.query.subscription;

import org.jspecify.annotations.NullMarked;
