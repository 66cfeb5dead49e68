package ledger.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads instants as the ledger writes them, digit by digit: the platform's formatter, made for every calendar, took half the time of
 * reading an event, which has up to seven of them. Whatever else is an instant is left to the platform.
 */
public final class InstantModule extends SimpleModule {

    private static final long serialVersionUID = 1;

    /** With a digit for each zero; whatever follows the seconds may be missing. */
    private static final String FORM = "0000-00-00T00:00:00.000000000";

    private static final int SECONDS = 19;
    private static final int SECONDS_OF_DAY = 86_400;

    public InstantModule() {
        super("instants");
        addDeserializer(Instant.class, new StdScalarDeserializer<>(Instant.class) {
            @Override
            public Instant deserialize(JsonParser parser, DeserializationContext context) {
                return parser.hasToken(JsonToken.VALUE_STRING)
                        ? parse(parser.getString())
                        : (Instant) context.handleUnexpectedToken(getValueType(context), parser);
            }
        });
    }

    /** What {@link Instant#parse} says, sooner; {@link DateTimeException} where it is none. */
    static Instant parse(String text) {
        int end = text.length() - 1;
        int fraction = end - SECONDS;
        if (fraction < 0 || fraction == 1 || end > FORM.length() || !isPlain(text, end)) {
            return Instant.parse(text);
        }
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (hour > 23 || minute > 59 || second > 59) {
            return Instant.parse(text);
        }
        long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                .toEpochDay();
        int nanos = fraction == 0 ? 0 : number(text, 20, end);
        for (int place = end; place < FORM.length(); place++) {
            nanos *= 10;
        }
        return Instant.ofEpochSecond(day * SECONDS_OF_DAY + hour * 3600 + minute * 60 + second, nanos);
    }

    /** Whether it has digits where they belong, and between them what belongs there, to its end. */
    private static boolean isPlain(String text, int end) {
        for (int i = 0; i < end; i++) {
            char expected = FORM.charAt(i);
            char found = text.charAt(i);
            if (expected == '0' ? found < '0' || found > '9' : found != expected) {
                return false;
            }
        }
        return text.charAt(end) == 'Z';
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }
}
