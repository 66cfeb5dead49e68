@NullMarked
package ledger.http;

import org.jspecify.annotations.NullMarked;
