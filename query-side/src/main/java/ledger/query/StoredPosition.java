package ledger.query;

import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * How far a group has come, and the claim that lets one node at a time move it on. A claim that its node has not renewed for
 * a while is anybody's; a node that lost it cannot commit, since it stores the position together with the rows.
 */
final class StoredPosition implements TokenStore {

    private static final String LAPSED = "claimed_at < clock_timestamp() - interval '5 seconds'";

    private final JdbcClient database;
    private final String node;
    private final LongConsumer committed;

    StoredPosition(JdbcClient database, String node, LongConsumer committed) {
        this.database = database;
        this.node = node;
        this.committed = committed;
    }

    static long read(JdbcClient database, String group) {
        return database.sql("select position from views.projection where name = ?")
                .param(group)
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    @Override
    public void initializeTokenSegments(String group, int segments, @Nullable TrackingToken initial) {
        database.sql("insert into views.projection (name, position) values (?, 0) on conflict do nothing")
                .param(group)
                .update();
    }

    @Override
    public int[] fetchSegments(String group) {
        List<Integer> known = database.sql("select from views.projection where name = ?")
                .param(group)
                .query((_, _) -> 0)
                .list();
        return new int[known.size()]; // there is one, number 0
    }

    @Override
    public TrackingToken fetchToken(String group, int segment) {
        Optional<Long> position = database.sql("update views.projection set owner = ?, claimed_at = clock_timestamp() "
                        + "where name = ? and (owner is null or owner = ? or " + LAPSED + ") returning position")
                .params(node, group, node)
                .query(Long.class)
                .optional();
        return new GlobalSequenceTrackingToken(
                position.orElseThrow(() -> new UnableToClaimTokenException("another node moves " + group + " on")));
    }

    @Override
    public void storeToken(@Nullable TrackingToken token, String group, int segment) {
        long position = token instanceof GlobalSequenceTrackingToken reached ? reached.getGlobalIndex() : 0;
        requireClaim(
                group,
                database.sql("update views.projection set position = ?, claimed_at = clock_timestamp() "
                                + "where name = ? and owner = ?")
                        .params(position, group, node)
                        .update());
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                committed.accept(position);
            }
        });
    }

    @Override
    public void extendClaim(String group, int segment) {
        requireClaim(
                group,
                database.sql("update views.projection set claimed_at = clock_timestamp() where name = ? and owner = ?")
                        .params(group, node)
                        .update());
    }

    @Override
    public void releaseClaim(String group, int segment) {
        database.sql("update views.projection set owner = null where name = ? and owner = ?")
                .params(group, node)
                .update();
    }

    private static void requireClaim(String group, int held) {
        if (held == 0) {
            throw new UnableToClaimTokenException("another node took " + group + " over");
        }
    }
}
