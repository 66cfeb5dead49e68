/** What every request and every answer looks like, whichever side gives it; nothing of the business. */
@NullMarked
package ledger.http;

import org.jspecify.annotations.NullMarked;
