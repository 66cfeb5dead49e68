@NullMarked
package ledger.query.statistics;

import org.jspecify.annotations.NullMarked;
