/** Takes commands over HTTP and brings each to its aggregate: the rules are in the domain, the promises in the store. */
@NullMarked
package ledger.command;

import org.jspecify.annotations.NullMarked;
