package ledger.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An HTTP/1.1 request, rendered once. Each run of {@code #} is a place that is filled with a number of as many decimal digits
 * whenever the request is sent, so that its length never changes.
 */
public final class Template {

    private record Place(int offset, int width) {}

    private final byte[] bytes;
    private final List<Place> places = new ArrayList<>();

    private Template(String request) {
        bytes = request.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '#') {
                int from = i;
                while (i < bytes.length && bytes[i] == '#') {
                    i++;
                }
                places.add(new Place(from, i - from));
            }
        }
    }

    public static Template get(String path, String token) {
        return new Template("GET " + path + " HTTP/1.1\r\n" + common(token) + "\r\n");
    }

    /** {@code key} is the idempotency key. */
    public static Template post(String path, String token, String key, String body) {
        return new Template("POST " + path + " HTTP/1.1\r\n" + common(token)
                + (key.isEmpty() ? "" : "Idempotency-Key: " + key + "\r\n")
                + "Content-Type: application/json\r\n"
                + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
    }

    private static String common(String token) {
        return "Host: localhost\r\nAccept: application/json, application/problem+json\r\n"
                + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n");
    }

    /** Puts the request into {@code out}, with one value for each place, in their order. */
    public void put(ByteBuffer out, long... values) {
        int start = out.position();
        out.put(bytes);
        for (int i = 0; i < values.length; i++) {
            Place place = places.get(i);
            long rest = values[i];
            for (int at = start + place.offset + place.width - 1; at >= start + place.offset; at--) {
                out.put(at, (byte) ('0' + rest % 10));
                rest /= 10;
            }
            if (rest > 0) {
                throw new IllegalArgumentException(values[i] + " has more than " + place.width + " digits");
            }
        }
        if (values.length != places.size()) {
            throw new IllegalArgumentException(places.size() + " places, and values for " + values.length);
        }
    }
}
