package ledger.query;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import ledger.query.Progress.Place;
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

    private static final String MINE = " where name = ? and version = ? and stage = 'SERVED' and owner = ?";

    /** Less than a claim lasts, for what passes between the answer to this and the use of it. */
    private static final Duration CERTAIN = Duration.ofSeconds(4);

    /** Both by {@link System#nanoTime}; {@code renewed} is when it was asked for, not when it was granted. */
    private record Claim(long since, long renewed) {}

    private final JdbcClient database;
    private final int version;
    private final String node;
    private final LongConsumer committed;
    private volatile @Nullable Claim claim;
    private volatile long last;
    private volatile @Nullable Place before;

    StoredPosition(JdbcClient database, int version, String node, LongConsumer committed) {
        this.database = database;
        this.version = version;
        this.node = node;
        this.committed = committed;
    }

    /** Where the group stood before this transaction; nobody else moves it on until its end. */
    Place before() {
        return Objects.requireNonNull(before, "the position is stored first, and then the rows");
    }

    /** Whether no other node can have moved the group on since this {@link System#nanoTime}, nor this one unnoticed. */
    boolean isHeldSince(long instant) {
        Claim held = claim;
        return held != null && held.since - instant <= 0 && System.nanoTime() - held.renewed < CERTAIN.toNanos();
    }

    private void renewed(long asked) {
        Claim held = claim;
        claim = held == null ? null : new Claim(held.since, asked);
    }

    @Override
    public void initializeTokenSegments(String group, int segments, @Nullable TrackingToken initial) {
        // a generation that is served has been built, and starts from there
    }

    @Override
    public int[] fetchSegments(String group) {
        List<Integer> known = database.sql(
                        "select from views.projection where name = ? and version = ? and stage = 'SERVED'")
                .params(group, version)
                .query((_, _) -> 0)
                .list();
        return new int[known.size()]; // there is one, number 0
    }

    @Override
    public TrackingToken fetchToken(String group, int segment) {
        long asked = System.nanoTime();
        Optional<Long> position = database.sql("update views.projection set owner = ?, claimed_at = clock_timestamp() "
                        + "where name = ? and version = ? and stage = 'SERVED' and (owner is null or owner = ? or "
                        + LAPSED
                        + ") returning position")
                .params(node, group, version, node)
                .query(Long.class)
                .optional();
        last = position.orElseThrow(() -> new UnableToClaimTokenException("another node moves " + group + " on"));
        claim = new Claim(System.nanoTime(), asked);
        return new GlobalSequenceTrackingToken(last);
    }

    /** Only onwards from where it was: if a crash of the database took that back, it is fetched again. */
    @Override
    public void storeToken(@Nullable TrackingToken token, String group, int segment) {
        long asked = System.nanoTime();
        long position = token instanceof GlobalSequenceTrackingToken reached ? reached.getGlobalIndex() : 0;
        before = twice(() -> move(group, position)).orElseThrow(() -> lost(group));
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                last = position;
                renewed(asked);
                committed.accept(position);
            }
        });
    }

    private Optional<Place> move(String group, long position) {
        return database.sql(
                        "update views.projection set position = greatest(position, ?), claimed_at = clock_timestamp()"
                                + MINE + " and position >= ? returning old.position, parked")
                .params(position, group, version, node, last)
                .query((row, _) -> Place.of(row))
                .optional();
    }

    @Override
    public void extendClaim(String group, int segment) {
        long asked = System.nanoTime();
        if (twice(() -> move(group, 0)).isEmpty()) {
            throw lost(group);
        }
        renewed(asked);
    }

    /** A switch that the first attempt has waited for has made another row the served one: the second finds that. */
    private static <T> Optional<T> twice(Supplier<Optional<T>> attempt) {
        return attempt.get().or(attempt);
    }

    @Override
    public void releaseClaim(String group, int segment) {
        claim = null;
        database.sql("update views.projection set owner = null" + MINE)
                .params(group, version, node)
                .update();
    }

    private static UnableToClaimTokenException lost(String group) {
        return new UnableToClaimTokenException("another node took " + group + " over, or its position was taken back");
    }
}
