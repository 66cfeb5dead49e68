package ledger.benchmarks.load;

import java.nio.ByteBuffer;

/** What a load consists of. Called by one thread. */
@FunctionalInterface
public interface Requests {

    /** Puts the next request of this connection into {@code out}. */
    void next(int connection, ByteBuffer out);

    /** Whether this is how such a request is answered when all is well. */
    default boolean expects(int status) {
        return status / 100 == 2;
    }
}
