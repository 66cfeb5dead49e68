package ledger.verifier;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the end of a JSON value. */
final class Json {

    private static final Pattern SCALAR =
            Pattern.compile("\"(?:[^\"\\\\\\x00-\\x1f]|\\\\(?:[\"\\\\/bfnrt]|u[0-9a-fA-F]{4}))*+\""
                    + "|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null");
    private static final int DEEPEST = 200;

    private Json() {}

    /** Where what follows the value begins; -1 if there is no value at {@code start}. */
    static int end(String text, int start) {
        return end(text, start, 0);
    }

    private static int end(String text, int start, int depth) {
        int at = space(text, start);
        if (at < text.length() && depth < DEEPEST) {
            char first = text.charAt(at);
            if (first == '{' || first == '[') {
                return members(text, at + 1, first == '{', depth);
            }
        }
        return scalar(text, at);
    }

    private static int members(String text, int start, boolean named, int depth) {
        char close = named ? '}' : ']';
        int at = space(text, start);
        if (at < text.length() && text.charAt(at) == close) {
            return space(text, at + 1);
        }
        while (at >= 0) {
            if (named) {
                at = text.startsWith("\"", at) ? space(text, scalar(text, at)) : -1;
                at = at >= 0 && text.startsWith(":", at) ? at + 1 : -1;
            }
            at = at < 0 ? -1 : space(text, end(text, at, depth + 1));
            if (at < 0 || at >= text.length()) {
                return -1;
            }
            if (text.charAt(at) == close) {
                return space(text, at + 1);
            }
            at = text.charAt(at) == ',' ? space(text, at + 1) : -1;
        }
        return -1;
    }

    private static int scalar(String text, int start) {
        Matcher scalar = SCALAR.matcher(text).region(start, text.length());
        return scalar.lookingAt() ? scalar.end() : -1;
    }

    private static int space(String text, int start) {
        int at = start;
        while (at >= 0 && at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }
}
