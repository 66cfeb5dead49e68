package ledger.api;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** The vocabulary of events by their stored names, read once from the sealed types. */
public final class EventTypes {

    private static final ClassValue<EventType> TYPES = new ClassValue<>() {
        @Override
        protected EventType computeValue(Class<?> event) {
            EventType type = event.getAnnotation(EventType.class);
            if (type == null) {
                throw new IllegalStateException(event + " has no @EventType");
            }
            return type;
        }
    };

    private static final Map<String, Class<? extends LedgerEvent>> CLASSES = records(LedgerEvent.class)
            .collect(toUnmodifiableMap(event -> TYPES.get(event).value(), Function.identity()));

    private EventTypes() {}

    /** The stored name and revision of an event's class. */
    public static EventType of(Class<? extends LedgerEvent> event) {
        return TYPES.get(event);
    }

    /** The class of a stored name; {@link IllegalArgumentException} for a name that this version does not know. */
    public static Class<? extends LedgerEvent> named(String type) {
        Class<? extends LedgerEvent> event = CLASSES.get(type);
        if (event == null) {
            throw new IllegalArgumentException("unknown event type " + type);
        }
        return event;
    }

    public static SortedSet<String> names() {
        return new TreeSet<>(CLASSES.keySet());
    }

    @SuppressWarnings("unchecked") // what a sealed subtype of LedgerEvent permits is a LedgerEvent
    private static Stream<Class<? extends LedgerEvent>> records(Class<? extends LedgerEvent> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .map(permitted -> (Class<? extends LedgerEvent>) permitted)
                .flatMap(permitted -> permitted.isSealed() ? records(permitted) : Stream.of(permitted));
    }
}
