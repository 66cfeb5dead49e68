/** Both sides in one process on a PostgreSQL of its own, and the command line. */
@NullMarked
package ledger.standalone;

import org.jspecify.annotations.NullMarked;
