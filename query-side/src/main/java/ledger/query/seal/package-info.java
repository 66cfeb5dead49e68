/** The seal: a Merkle tree over the ledger, its signed checkpoints, and proofs of what is in it. */
@NullMarked
package ledger.query.seal;

import org.jspecify.annotations.NullMarked;
