package ledger.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import ledger.api.Problem;
import org.jspecify.annotations.Nullable;

/** A place in the list {@code list} (its name and order): after the row that has this {@code key}. Opaque to clients. */
public record Cursor(String list, List<String> key) {

    private static final String SEPARATOR = "\u001f";

    public Cursor {
        key = List.copyOf(key);
    }

    public static Cursor of(String list, Object... key) {
        return new Cursor(list, List.of(key).stream().map(Object::toString).toList());
    }

    /** The name of a list of what was asked in this way: a cursor is not good for the answer to another question. */
    public static String list(String name, Object... question) {
        return name + " " + Integer.toHexString(Arrays.toString(question).hashCode());
    }

    /** The key that a client's cursor stands for, by {@code read}; null without cursor, refused if it is not of this list. */
    public static <K> @Nullable K read(String list, @Nullable String cursor, Function<List<String>, K> read) {
        if (cursor == null) {
            return null;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            List<String> parts = List.of(text.split(SEPARATOR, -1));
            if (parts.getFirst().equals(list) && parts.stream().noneMatch(Cursor::hasControls)) {
                return read.apply(parts.subList(1, parts.size()));
            }
        } catch (RuntimeException _) {
            // whatever is wrong with it, the ledger has not issued it
        }
        throw Problem.INVALID_CURSOR.because("start again without cursor");
    }

    /** A part of a key; whatever is none of the ledger's own instants is refused. */
    public static Instant instant(String part) {
        return Scalar.instant(part);
    }

    /** A part of a key; whatever is not a whole UUID is refused. */
    public static UUID id(String part) {
        return Scalar.uuid(part);
    }

    private static boolean hasControls(String part) {
        return part.chars().anyMatch(Character::isISOControl);
    }

    String encoded() {
        String text = list + SEPARATOR + String.join(SEPARATOR, key);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
