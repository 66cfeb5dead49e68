@NullMarked
package ledger.query.job;

import org.jspecify.annotations.NullMarked;
