package ledger.command.store;

import java.util.Map;
import ledger.api.EventTypes;
import ledger.api.LedgerEvent;
import ledger.api.Upcasters;
import ledger.http.TimeModule;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.module.blackbird.BlackbirdModule;

/**
 * JSON as events are stored in it, for ever. What a request may say is stricter, and how an answer is written may change; this
 * may not. Numbers in free JSON come back with the digits that were sent, not as doubles.
 */
public final class StoredJson {

    public static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .addModules(new TimeModule(), new BlackbirdModule())
            .build();

    static final TypeReference<Map<String, Object>> FACTS = new TypeReference<>() {};

    private StoredJson() {}

    /** An event as it is written today, whatever revision it was stored in. */
    static LedgerEvent event(String type, int revision, String payload) {
        Class<? extends LedgerEvent> event = EventTypes.named(type);
        return Upcasters.OURS.isCurrent(type, revision)
                ? MAPPER.readValue(payload, event)
                : MAPPER.convertValue(
                        Upcasters.OURS.upcast(type, revision, MAPPER.readValue(payload, new TypeReference<>() {})),
                        event);
    }
}
