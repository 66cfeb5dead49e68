package ledger.command.store;

import org.axonframework.modelling.command.ConcurrencyException;

/** A new stream was to be started under an id that has one. */
public final class StreamExists extends ConcurrencyException {

    private static final long serialVersionUID = 1;

    StreamExists(String stream) {
        super(stream);
    }
}
