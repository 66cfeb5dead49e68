package ledger.standalone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes requests that are wrong somewhere, out of what the description of the interface says is right. */
final class Fuzz {

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "PURGE");

    private static final List<String> HEADERS = List.of(
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "If-Modified-Since",
            "Ledger-Position",
            "Last-Event-ID",
            "traceparent",
            "X-Correlation-Id",
            "Accept",
            "Accept-Language",
            "Accept-Charset",
            "Content-Encoding",
            "Content-Language",
            "Range",
            "Cookie",
            "Origin",
            "X-Forwarded-For",
            "X-HTTP-Method-Override",
            "X-Forwarded-Proto");

    private static final String FORM = "application/x-www-form-urlencoded";

    private static final List<String> TYPES = List.of(
            "application/json",
            "application/json;charset=utf-16",
            "application/json;charset=nonsense",
            FORM,
            "multipart/form-data",
            "multipart/form-data; boundary=x",
            "text/plain",
            "text/event-stream",
            "application/xml",
            "nonsense",
            "*/*",
            ";");

    /** What is at the edge of something: of numbers, dates, names, encodings, languages that others speak. */
    private static final List<String> EDGES = List.of(
            "",
            " ",
            "0",
            "-1",
            "1e400",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "2147483648",
            "NaN",
            "null",
            "true",
            "*",
            "\"0\"",
            "W/\"0\"",
            "\"1\", \"2\"",
            "2026-02-30T00:00:00Z",
            "-999999999-01-01T00:00:00Z",
            "+1000000000-12-31T23:59:59.999999999Z",
            "2026-01-31T00:00:00+18:01",
            "0000-01-01T00:00:00Z",
            "1970-01-01",
            "Europe/Berlin",
            "Etc/GMT+99",
            "USD",
            "../../etc/passwd",
            "%00",
            "a\u0000b",
            "a\u007fb",
            "\ud800",
            "\u202e\u0000",
            "I\u0307stanbul",
            "\ud83d\udca5",
            "' or 1=1 --",
            "${jndi:ldap://localhost/a}",
            "#{7*7}",
            "<script>",
            "00000000-0000-0000-0000-000000000000",
            "0198c2a4-0000-7000-8000-00000000dead",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "eyJvZmZzZXQiOi0xfQ",
            "bytes=0-99999999999");

    private static final String TOKENS = "/oauth2/token";

    private record Endpoint(String method, String path, List<String> parameters, JsonNode body) {}

    private final SplittableRandom random;
    private final JsonNode description;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<String> known;
    private final String token;

    /** {@code known} are ids and names that lead somewhere. */
    Fuzz(long seed, JsonNode description, List<String> known, String token) {
        this.random = new SplittableRandom(seed);
        this.description = description;
        this.known = known;
        this.token = token;
        description
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> endpoints.add(new Endpoint(
                                operation.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                parameters(operation.getValue()),
                                operation
                                        .getValue()
                                        .path("requestBody")
                                        .path("content")
                                        .path("application/json")
                                        .path("schema")))));
        // It is the authorization server's, and described by a standard.
        endpoints.add(new Endpoint(
                "POST",
                TOKENS,
                List.of("grant_type", "client_id", "client_secret", "scope"),
                MissingNode.getInstance()));
    }

    int endpoints() {
        return endpoints.size();
    }

    private static List<String> parameters(JsonNode operation) {
        return operation
                .path("parameters")
                .valueStream()
                .filter(parameter -> parameter.path("in").asString().equals("query"))
                .map(parameter -> parameter.path("name").asString())
                .toList();
    }

    /** The bytes of the next request. */
    byte[] next() {
        Endpoint endpoint = endpoint();
        boolean isForm = endpoint.path.equals(TOKENS);
        byte[] body = isForm
                ? query(endpoint).replaceFirst("\\?", "").getBytes(UTF_8)
                : endpoint.body.isMissingNode() && random.nextInt(4) > 0 ? new byte[0] : body(endpoint.body);
        StringBuilder head = new StringBuilder()
                .append(random.nextInt(15) == 0 ? one(METHODS) : endpoint.method)
                .append(' ')
                .append(path(endpoint))
                .append(query(endpoint))
                .append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        if (random.nextInt(12) > 0) {
            head.append("Authorization: ")
                    .append(isForm ? basic() : "Bearer " + token)
                    .append("\r\n");
        }
        if (body.length > 0) {
            head.append("Content-Type: ")
                    .append(random.nextInt(8) == 0 ? one(TYPES) : isForm ? FORM : TYPES.getFirst())
                    .append("\r\n");
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            String value = random.nextInt(3) == 0 ? one(TYPES) : text();
            head.append(one(HEADERS)).append(": ").append(inHeader(value)).append("\r\n");
        }
        return random.nextInt(12) == 0 ? chunked(head, body) : sized(head, body);
    }

    /** Those that hash a password are asked less often: they are slow on purpose. */
    private Endpoint endpoint() {
        Endpoint endpoint = one(endpoints);
        boolean slow = endpoint.path.startsWith("/v1/accounts") || endpoint.path.startsWith("/v1/sessions");
        return slow && random.nextInt(8) > 0 ? endpoint() : endpoint;
    }

    private String path(Endpoint endpoint) {
        StringBuilder path = new StringBuilder();
        for (String part : endpoint.path.split("(?=\\{)|(?<=})")) {
            path.append(part.startsWith("{") ? encoded(random.nextInt(3) > 0 ? one(known) : text()) : part);
        }
        return switch (random.nextInt(60)) {
            case 0 -> path + "/";
            case 1 -> path + "//";
            case 2 -> path + "/%2e%2e";
            case 3 -> path + ";x=y";
            case 4 -> path + "%";
            case 5 -> path + ".json";
            case 6 -> path.toString().replace("/v1", "/v1/.");
            case 7 -> path + "%c3%28";
            default -> path.toString();
        };
    }

    private String basic() {
        String credentials = encoded(text()) + ":" + encoded(text());
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }

    private String query(Endpoint endpoint) {
        if (endpoint.parameters.isEmpty() ? random.nextInt(20) > 0 : random.nextInt(4) == 0) {
            return "";
        }
        List<String> pairs = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            String name = endpoint.parameters.isEmpty() || random.nextInt(10) == 0 ? text() : one(endpoint.parameters);
            String value = random.nextInt(3) == 0 ? one(known) : text();
            pairs.add(encoded(name) + (random.nextInt(20) == 0 ? "" : "=" + encoded(value)));
        }
        return "?" + String.join("&", pairs)
                + (random.nextInt(40) == 0 ? one(List.of("&", "&=", "=", "%", "#x", "&a=%zz")) : "");
    }

    private byte[] body(JsonNode schema) {
        String json = JsonMapper.shared().writeValueAsString(value(schema, 0));
        byte[] bytes = json.getBytes(UTF_8);
        return switch (random.nextInt(16)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> flipped(bytes);
            case 2 -> json.getBytes(UTF_16);
            case 3 -> (json + json).getBytes(UTF_8);
            case 4 -> "[".repeat(random.nextInt(1, 5000)).getBytes(UTF_8);
            case 5 -> json.replaceFirst("\\{", "{\"x\":1,\"x\":2,").getBytes(UTF_8);
            case 6 ->
                json.replaceFirst(":[^,}]*", ":" + "9".repeat(random.nextInt(1, 2000)))
                        .getBytes(UTF_8);
            case 7 -> new byte[random.nextInt(1, random.nextInt(20) == 0 ? 300_000 : 200)];
            default -> bytes;
        };
    }

    private byte[] flipped(byte[] bytes) {
        byte[] flipped = bytes.clone();
        for (int i = random.nextInt(1, 4); i > 0 && flipped.length > 0; i--) {
            flipped[random.nextInt(flipped.length)] = (byte) random.nextInt(256);
        }
        return flipped;
    }

    /** Of the schema, mostly; anything else in one of eight places. */
    private JsonNode value(JsonNode declared, int depth) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        JsonNode schema = resolved(declared);
        String type = schema.path("type").isArray()
                ? schema.path("type").path(0).asString()
                : schema.path("type").asString("");
        if (depth > 8 || random.nextInt(8) == 0) {
            return anything(make);
        }
        if (schema.has("enum")) {
            return one(schema.path("enum").valueStream().toList());
        }
        return switch (type) {
            case "object" -> object(schema, depth, make);
            case "array" -> {
                ArrayNode array = make.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(schema.path("items"), depth + 1));
                }
                yield array;
            }
            case "integer", "number" -> make.numberNode(random.nextLong() >> random.nextInt(64));
            case "boolean" -> make.booleanNode(random.nextBoolean());
            default -> make.stringNode(random.nextBoolean() ? one(known) : text());
        };
    }

    private ObjectNode object(JsonNode schema, int depth, JsonNodeFactory make) {
        ObjectNode object = make.objectNode();
        schema.path("properties").properties().forEach(property -> {
            if (random.nextInt(5) > 0) {
                object.set(property.getKey(), value(property.getValue(), depth + 1));
            }
        });
        if (random.nextInt(20) == 0) {
            object.set(text(), anything(make));
        }
        return object;
    }

    private JsonNode resolved(JsonNode schema) {
        String reference = schema.path("$ref").asString("");
        return reference.isEmpty() ? schema : description.at(reference.substring(1));
    }

    private JsonNode anything(JsonNodeFactory make) {
        return switch (random.nextInt(8)) {
            case 0 -> make.nullNode();
            case 1 -> make.arrayNode();
            case 2 -> make.objectNode();
            case 3 -> make.booleanNode(random.nextBoolean());
            case 4 -> make.numberNode(random.nextLong());
            case 5 -> make.numberNode(random.nextDouble() * 1e300);
            default -> make.stringNode(text());
        };
    }

    private String text() {
        return switch (random.nextInt(10)) {
            case 0 -> new UUID(random.nextLong(), random.nextLong()).toString();
            case 1 -> one(EDGES).repeat(random.nextInt(1, 60));
            case 2 -> Long.toString(random.nextLong() >> random.nextInt(64));
            case 3 -> one(known);
            default -> one(EDGES);
        };
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private String encoded(String text) {
        String encoded = URLEncoder.encode(text, UTF_8);
        return random.nextInt(30) == 0 ? encoded.replace("%", "%25") : encoded;
    }

    /** A line end would make it another header; whatever else there is, is for the server to mind. */
    private static String inHeader(String text) {
        return text.replace("\r", "").replace("\n", "");
    }

    private byte[] sized(StringBuilder head, byte[] body) {
        if (body.length > 0 || random.nextInt(20) == 0) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        return joined(head, body, "");
    }

    private byte[] chunked(StringBuilder head, byte[] body) {
        head.append("Transfer-Encoding: chunked\r\n\r\n");
        if (body.length > 0) {
            head.append(Integer.toHexString(body.length)).append("\r\n");
        }
        head.setLength(head.length() - 2);
        return joined(head, body, body.length > 0 ? "\r\n0\r\n\r\n" : "0\r\n\r\n");
    }

    private static byte[] joined(StringBuilder head, byte[] body, String end) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
        request.writeBytes(body);
        request.writeBytes(end.getBytes(ISO_8859_1));
        return request.toByteArray();
    }
}
