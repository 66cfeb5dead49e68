package ledger.query;

import java.util.Map;
import ledger.api.EventTypes;
import ledger.api.LedgerEvent;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.MetaData;

/** An event's message whose payload is read when somebody asks for it: most groups of projections ignore most events. */
final class StoredMessage implements Message<LedgerEvent> {

    static final String TENANT = "tenant";

    private static final long serialVersionUID = 1;

    private final String identifier;
    private final MetaData metaData;
    private final String type;
    private final String payload;

    StoredMessage(String identifier, String tenant, String type, String payload) {
        this(identifier, MetaData.with(TENANT, tenant), type, payload);
    }

    private StoredMessage(String identifier, MetaData metaData, String type, String payload) {
        this.identifier = identifier;
        this.metaData = metaData;
        this.type = type;
        this.payload = payload;
    }

    @Override
    public String getIdentifier() {
        return identifier;
    }

    @Override
    public MetaData getMetaData() {
        return metaData;
    }

    @Override
    public LedgerEvent getPayload() {
        return StoredJson.read(payload, EventTypes.named(type));
    }

    @Override
    @SuppressWarnings("unchecked") // of a name that is known, the class is one of events
    public Class<LedgerEvent> getPayloadType() {
        return (Class<LedgerEvent>) EventTypes.named(type);
    }

    @Override
    public Message<LedgerEvent> withMetaData(Map<String, ?> other) {
        return new StoredMessage(identifier, MetaData.from(other), type, payload);
    }

    @Override
    public Message<LedgerEvent> andMetaData(Map<String, ?> more) {
        return new StoredMessage(identifier, metaData.mergedWith(more), type, payload);
    }
}
