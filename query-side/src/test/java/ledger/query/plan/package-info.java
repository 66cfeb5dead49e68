@NullMarked
package ledger.query.plan;

import org.jspecify.annotations.NullMarked;
