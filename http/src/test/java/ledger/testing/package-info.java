/** What tests of several modules need. */
@NullMarked
package ledger.testing;

import org.jspecify.annotations.NullMarked;
