package ledger.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import ledger.api.EventTypes;
import ledger.api.LedgerEvent;
import ledger.api.Upcasters;
import ledger.http.TimeModule;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.module.blackbird.BlackbirdModule;

/** JSON as it is stored in events and documents: fields that this version does not know yet are passed over. */
public final class StoredJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .addModules(new TimeModule(), new BlackbirdModule())
            .build();

    /** What a type of event is read by: to find that out costs a good part of reading one. */
    private static final ClassValue<ObjectReader> READERS = new ClassValue<>() {
        @Override
        protected ObjectReader computeValue(Class<?> event) {
            return MAPPER.readerFor(event);
        }
    };

    private StoredJson() {}

    public static <T> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    /** An event as it is written today, whatever revision it was stored in. */
    public static LedgerEvent event(String type, int revision, String payload) {
        Class<? extends LedgerEvent> event = EventTypes.named(type);
        return Upcasters.OURS.isCurrent(type, revision)
                ? READERS.get(event).readValue(payload)
                : MAPPER.convertValue(
                        Upcasters.OURS.upcast(type, revision, MAPPER.readValue(payload, new TypeReference<>() {})),
                        event);
    }

    /** The same, of bytes within others. */
    public static LedgerEvent event(String type, int revision, byte[] json, int offset, int length) {
        return Upcasters.OURS.isCurrent(type, revision)
                ? READERS.get(EventTypes.named(type)).readValue(json, offset, length)
                : event(type, revision, new String(json, offset, length, UTF_8));
    }

    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    public static JsonNode tree(String json) {
        return MAPPER.readTree(json);
    }

    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
