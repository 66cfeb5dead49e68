package ledger.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import ledger.api.SubscriptionId;
import ledger.api.Timeline;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import org.springframework.core.convert.converter.ConverterRegistry;

/**
 * A value that is written as text: read the same way, and refused in the same words, from a body, a path and a query. The
 * parsers of the platform are too kind for that: they trim, guess, and accept several spellings of one value.
 */
record Scalar<T>(Class<T> type, String expected, Function<String, T> parse) implements Converter<String, T> {

    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern RFC3339 =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");

    static final List<Scalar<?>> ALL = List.of(
            new Scalar<>(UUID.class, "must be a UUID of 36 characters", Scalar::uuid),
            new Scalar<>(
                    SubscriptionId.class, "must be a UUID of 36 characters", text -> new SubscriptionId(uuid(text))),
            new Scalar<>(
                    Instant.class,
                    "must be a time from 1970 to 9999 in RFC 3339, such as 2026-01-31T00:00:00Z",
                    Scalar::instant),
            new Scalar<>(LocalDate.class, "must be a date such as 2026-01-31", LocalDate::parse),
            new Scalar<>(LocalTime.class, "must be a local time such as 09:30:00", LocalTime::parse),
            new Scalar<>(ZoneId.class, "must be an IANA time zone such as UTC or Europe/Berlin", Timeline::zone),
            new Scalar<>(Currency.class, "must be an ISO 4217 currency code such as USD", Currency::getInstance));

    /** A constant by its exact name. */
    static <E extends Enum<E>> Scalar<E> of(Class<E> constants) {
        String names =
                Arrays.stream(constants.getEnumConstants()).map(Enum::name).collect(Collectors.joining(", "));
        return new Scalar<>(constants, "must be one of " + names, text -> Enum.valueOf(constants, text));
    }

    @Override
    public T convert(String text) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException(expected, e);
        }
    }

    void addTo(ConverterRegistry converters) {
        converters.addConverter(String.class, type, this);
    }

    /** The same for every enum, instead of the platform's, which trims. */
    static final class OfEnums implements ConverterFactory<String, Enum<?>> {

        @Override
        @SuppressWarnings({"unchecked", "rawtypes"}) // an enum's class is its own bound, which a wildcard cannot say
        public <E extends Enum<?>> Converter<String, E> getConverter(Class<E> constants) {
            return (Converter) of((Class) constants);
        }
    }

    static UUID uuid(String text) {
        return UUID.fromString(matching(UUID_TEXT, text));
    }

    static Instant instant(String text) {
        return Timeline.at(OffsetDateTime.parse(matching(RFC3339, text)).toInstant());
    }

    private static String matching(Pattern pattern, String text) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("does not match " + pattern);
        }
        return text;
    }
}
