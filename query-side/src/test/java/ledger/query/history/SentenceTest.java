package ledger.query.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.stream.Stream;
import ledger.api.EventTypes;
import ledger.query.StoredJson;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class SentenceTest {

    /** An event's own time stands beside its sentence. */
    @ParameterizedTest
    @MethodSource("events")
    void says_every_date_and_amount_that_the_event_does(String line) {
        JsonNode stored = StoredJson.tree(line);
        String sentence = Sentence.of(StoredJson.read(
                stored.path("payload").toString(),
                EventTypes.named(stored.path("type").asString())));
        List<String> facts = new ArrayList<>();
        stored.path("payload").properties().stream()
                .filter(field -> !field.getKey().equals("at"))
                .forEach(field -> collect(field.getValue(), facts));
        assertThat(sentence).endsWith(".");
        assertThat(facts).allMatch(sentence::contains);
    }

    private static void collect(JsonNode node, List<String> facts) {
        if (node.isString() && node.asString().matches("\\d{4}-\\d\\d-\\d\\d(T.*Z)?")) {
            facts.add(node.asString());
        } else if (node.has("amount") && node.has("currency")) {
            String code = node.path("currency").asString();
            int decimals = Currency.getInstance(code).getDefaultFractionDigits();
            facts.add(code + " "
                    + BigDecimal.valueOf(node.path("amount").asLong(), decimals).toPlainString());
        } else {
            node.forEach(part -> collect(part, facts));
        }
    }

    static Stream<String> events() throws IOException {
        return Files.readAllLines(Path.of("../command-side/src/test/resources/events.golden.ndjson")).stream()
                .filter(line -> line.contains("\"subscription.") || line.contains("\"plan."));
    }
}
