package ledger.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks for a line that no ledger wrote, once it is known that there is one: by its form, and by the versions of its stream. */
final class EventForm {

    private static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final String INSTANT = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z";
    private static final Pattern HEAD = Pattern.compile("\\{\"position\":\\d+,\"tenant\":\"[a-z0-9][a-z0-9_.-]*\","
            + "\"streamType\":\"[a-z][a-z0-9.-]*\",\"streamId\":\"(" + UUID
            + ")\",\"version\":(\\d{1,18}),\"eventId\":\"" + UUID
            + "\",\"type\":\"[a-z][a-z0-9.-]*\",\"revision\":\\d{1,9},\"effectiveAt\":\"" + INSTANT
            + "\",\"recordedAt\":\""
            + INSTANT + "\",\"payload\":");

    private final Map<String, Long> versions = new HashMap<>();

    /** What is wrong with the next line; null if nothing shows. */
    @Nullable
    String trouble(byte[] line) {
        String text;
        try {
            text = UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
        } catch (CharacterCodingException _) {
            return "it is not UTF-8";
        }
        Matcher head = HEAD.matcher(text);
        if (!head.lookingAt()) {
            return "it is not an event as ledgers write them";
        }
        int payload = Json.end(text, head.end());
        String metadata = ",\"metadata\":";
        int end = payload < 0 || !text.startsWith(metadata, payload) ? -1 : Json.end(text, payload + metadata.length());
        if (end < 0 || !text.substring(end).equals("}")) {
            return "its payload or metadata is not JSON";
        }
        long version = Long.parseLong(head.group(2));
        long expected = versions.getOrDefault(head.group(1), -1L) + 1;
        versions.put(head.group(1), version);
        return version == expected ? null : "it is version " + version + " of its stream, after " + (expected - 1);
    }
}
