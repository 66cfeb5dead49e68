/** What is decided, and nothing else: states, decide, evolve and the next due time, as pure functions of what they are given. */
@NullMarked
package ledger.command.domain;

import org.jspecify.annotations.NullMarked;
