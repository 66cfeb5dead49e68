/** What can be said to the ledger and what it says: commands, events, views and the values they are made of. */
@NullMarked
package ledger.api;

import org.jspecify.annotations.NullMarked;
