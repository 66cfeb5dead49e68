package ledger.api;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules that several values share; each throws {@link IllegalArgumentException} in words meant for the client. */
final class Check {

    static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private static final Set<String> ZONES = Set.copyOf(ZoneId.getAvailableZoneIds());
    private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,62}");

    private Check() {}

    static String slug(String value) {
        if (!SLUG.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "must be 1 to 63 characters a-z, 0-9, '-', '_' or '.', starting with a letter or digit");
        }
        return value;
    }

    static String text(String value, int longest) {
        if (value.isBlank() || value.length() > longest) {
            throw new IllegalArgumentException("must be 1 to " + longest + " characters, not all blank");
        }
        return printable(value);
    }

    static String printable(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean half = Character.isSurrogate(c) && !isPair(value, i);
            if ((Character.isISOControl(c) && c != '\n' && c != '\t') || half || c == '\uFFFE' || c == '\uFFFF') {
                throw new IllegalArgumentException("must not contain control characters or broken Unicode");
            }
        }
        return value;
    }

    private static boolean isPair(String value, int i) {
        char c = value.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
    }

    static long between(long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("must be from " + least + " to " + most);
        }
        return value;
    }

    static ZoneId zone(ZoneId zone) {
        if (!ZONES.contains(zone.getId())) {
            throw new IllegalArgumentException("must be an IANA time zone such as UTC or Europe/Berlin");
        }
        return zone;
    }

    /** Checks one field, and says of a failure which field it was. */
    static <T extends @Nullable Object> void field(String name, T value, Consumer<T> check) {
        try {
            check.accept(value);
        } catch (IllegalArgumentException e) {
            throw new InvalidField(name, e.getMessage() == null ? "is not valid" : e.getMessage());
        }
    }
}
