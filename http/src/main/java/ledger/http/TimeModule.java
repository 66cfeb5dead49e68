package ledger.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads instants, dates and times as the ledger writes them, digit by digit: the platform's formatter, made for every calendar, took
 * half the time of reading an event, which has up to nine of them. Whatever else is one is left to the platform.
 */
public final class TimeModule extends SimpleModule {

    private static final long serialVersionUID = 1;

    /** With a digit for each zero. */
    private static final String FORM = "0000-00-00T00:00:00.000000000";

    private static final int DATE = 10;
    private static final int TIME = 11;
    private static final int SECONDS = 19;
    private static final int SECONDS_OF_DAY = 86_400;

    public TimeModule() {
        super("times");
        register(Instant.class, TimeModule::instant);
        register(LocalDate.class, TimeModule::date);
        register(LocalTime.class, TimeModule::time);
    }

    private <T> void register(Class<T> type, Function<String, T> parse) {
        addDeserializer(type, new StdScalarDeserializer<>(type) {
            @Override
            public T deserialize(JsonParser parser, DeserializationContext context) {
                return parser.hasToken(JsonToken.VALUE_STRING)
                        ? parse.apply(parser.getString())
                        : type.cast(context.handleUnexpectedToken(getValueType(context), parser));
            }
        });
    }

    /** What {@link Instant#parse} says, sooner; {@link DateTimeException} where it is none. */
    static Instant instant(String text) {
        int end = text.length() - 1;
        if (end < SECONDS || text.charAt(end) != 'Z' || !isPlain(text, 0, end, 0)) {
            return Instant.parse(text);
        }
        int second = second(text, TIME, end);
        return second < 0
                ? Instant.parse(text)
                : Instant.ofEpochSecond(day(text).toEpochDay() * SECONDS_OF_DAY + second, nanos(text, SECONDS, end));
    }

    /** What {@link LocalDate#parse} says, sooner; {@link DateTimeException} where it is none. */
    static LocalDate date(String text) {
        return text.length() == DATE && isPlain(text, 0, DATE, 0) ? day(text) : LocalDate.parse(text);
    }

    /** What {@link LocalTime#parse} says, sooner; {@link DateTimeException} where it is none. */
    static LocalTime time(String text) {
        int end = text.length();
        int second = isPlain(text, 0, end, TIME) ? second(text, 0, end) : -1;
        return second < 0
                ? LocalTime.parse(text)
                : LocalTime.ofSecondOfDay(second).withNano(nanos(text, SECONDS - TIME, end));
    }

    /** Whether it has digits where a part of the form that begins there has them, and between them what belongs there. */
    private static boolean isPlain(String text, int from, int end, int form) {
        if (end - from > FORM.length() - form) {
            return false;
        }
        for (int i = from; i < end; i++) {
            char expected = FORM.charAt(form + i - from);
            char found = text.charAt(i);
            if (expected == '0' ? found < '0' || found > '9' : found != expected) {
                return false;
            }
        }
        return true;
    }

    private static LocalDate day(String text) {
        return LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
    }

    /** Of the day; -1 where there is no such one, or no time of this form: one may end after its minutes or its seconds, or have a fraction. */
    private static int second(String text, int from, int end) {
        int length = end - from;
        if (length != 5 && length != 8 && length < 10) {
            return -1;
        }
        int hour = number(text, from, from + 2);
        int minute = number(text, from + 3, from + 5);
        int second = length == 5 ? 0 : number(text, from + 6, from + 8);
        return hour > 23 || minute > 59 || second > 59 ? -1 : hour * 3600 + minute * 60 + second;
    }

    /** Of a fraction that begins with its point there, if there is one. */
    private static int nanos(String text, int point, int end) {
        int nanos = end > point ? number(text, point + 1, end) : 0;
        for (int place = end - point; end > point && place < 10; place++) {
            nanos *= 10;
        }
        return nanos;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }
}
