package ledger.benchmarks;

import java.nio.ByteBuffer;
import ledger.benchmarks.load.Requests;

/** Requests of which some are refused, as they should be. */
record Expecting(int refusal, Requests requests) implements Requests {

    @Override
    public void next(int connection, ByteBuffer out) {
        requests.next(connection, out);
    }

    @Override
    public boolean expects(int status) {
        return status == refusal || requests.expects(status);
    }
}
