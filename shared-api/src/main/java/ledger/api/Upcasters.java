package ledger.api;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * How events that were stored in older revisions of their types are read today. Whoever changes the shape of an event raises the
 * revision in its {@link EventType} and adds the step that leads to it here, once for all readers; what is stored stays as it is.
 */
public final class Upcasters {

    /** What leads from one revision of a type's payload to the next: JSON as maps, lists, strings, numbers and booleans. */
    public record Step(String type, int from, UnaryOperator<Map<String, Object>> change) {}

    private record Key(String type, int from) {}

    /** Those of this version. Every event still has its first shape. */
    public static final Upcasters OURS = new Upcasters(List.of());

    private final Map<Key, UnaryOperator<Map<String, Object>>> steps;
    private final Map<String, Integer> current = EventTypes.names().stream()
            .collect(toUnmodifiableMap(
                    Function.identity(),
                    type -> EventTypes.of(EventTypes.named(type)).revision()));

    Upcasters(List<Step> steps) {
        this.steps = steps.stream().collect(toUnmodifiableMap(step -> new Key(step.type, step.from), Step::change));
        current.forEach(this::requireAll);
    }

    void requireAll(String type, int last) {
        for (int from = 1; from < last; from++) {
            if (!steps.containsKey(new Key(type, from))) {
                throw new IllegalStateException("nothing leads from revision " + from + " of " + type + " to the next");
            }
        }
    }

    /** Whether the type has this very shape today; {@link IllegalStateException} when a newer version must have written it. */
    public boolean isCurrent(String type, int revision) {
        int last = current(type);
        if (revision > last) {
            throw new IllegalStateException(
                    type + " is known up to revision " + last + ", and this is one of " + revision);
        }
        return revision == last;
    }

    /** The payload as the type has it today. */
    public Map<String, Object> upcast(String type, int revision, Map<String, Object> payload) {
        return upcast(type, revision, current(type), payload);
    }

    Map<String, Object> upcast(String type, int from, int to, Map<String, Object> payload) {
        Map<String, Object> upcast = payload;
        for (int revision = from; revision < to; revision++) {
            upcast = Objects.requireNonNull(steps.get(new Key(type, revision))).apply(upcast);
        }
        return upcast;
    }

    private int current(String type) {
        Integer known = current.get(type);
        if (known == null) {
            throw new IllegalArgumentException("unknown event type " + type);
        }
        return known;
    }
}
