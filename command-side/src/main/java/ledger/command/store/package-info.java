/** The PostgreSQL event store under Axon: one durable commit for a command's events, claims, due date and answer. */
@NullMarked
package ledger.command.store;

import org.jspecify.annotations.NullMarked;
