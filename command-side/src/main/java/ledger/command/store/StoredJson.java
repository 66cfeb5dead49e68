package ledger.command.store;

import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as events are stored in it, for ever. What a request may say is stricter, and how an answer is written may change; this
 * may not. Numbers in free JSON come back with the digits that were sent, not as doubles.
 */
public final class StoredJson {

    public static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    static final TypeReference<Map<String, Object>> FACTS = new TypeReference<>() {};

    private StoredJson() {}
}
