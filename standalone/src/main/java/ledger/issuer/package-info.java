/** The issuer that standalone brings along: who customers and machines are, and the tokens that say so. */
@NullMarked
package ledger.issuer;

import org.jspecify.annotations.NullMarked;
