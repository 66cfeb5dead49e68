/** Verifies exports, checkpoints and proofs, offline and with nothing but the JDK: it shares no code with what seals. */
@NullMarked
package ledger.verifier;

import org.jspecify.annotations.NullMarked;
