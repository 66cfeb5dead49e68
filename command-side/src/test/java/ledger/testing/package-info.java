/** A real PostgreSQL 18 for the tests of every module. */
@NullMarked
package ledger.testing;

import org.jspecify.annotations.NullMarked;
