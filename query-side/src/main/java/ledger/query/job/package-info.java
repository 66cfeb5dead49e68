/** Long work in the background: seen, paused, resumed and canceled by admins, and finished by another node if its own dies. */
@NullMarked
package ledger.query.job;

import org.jspecify.annotations.NullMarked;
