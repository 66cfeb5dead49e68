/** The deadline manager: what is due is a row committed with the events that made it due, fired on any number of nodes. */
@NullMarked
package ledger.command.deadline;

import org.jspecify.annotations.NullMarked;
