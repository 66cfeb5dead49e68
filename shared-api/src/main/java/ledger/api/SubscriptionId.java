package ledger.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** The identity of a subscription and of its stream of events; given by the client or the controller, never by the domain. */
public record SubscriptionId(@JsonValue UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
