package ledger.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers are found whole, however the network cuts them. */
class AnswerReaderTest {

    private static final byte[] ANSWERS = """
        HTTP/1.1 201 \r
        Content-Type: application/json\r
        content-length: 12\r
        A-Long-Header: %s\r
        \r
        {"a":"\\r\\n"}HTTP/1.1 409 Conflict\r
        Transfer-Encoding: chunked\r
        \r
        5\r
        hello\r
        1a;extension=1\r
        abcdefghijklmnopqrstuvwxyz\r
        0\r
        \r
        HTTP/1.1 204 No Content\r
        \r
        HTTP/1.1 200 OK\r
        Content-Length: 0\r
        \r
        """.formatted("x".repeat(500)).getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 10_000})
    void in_pieces_of(int size) {
        AnswerReader reader = new AnswerReader();
        StringBuilder statuses = new StringBuilder();
        for (int from = 0; from < ANSWERS.length; from += size) {
            int to = Math.min(ANSWERS.length, from + size);
            for (int end = reader.take(ANSWERS, from, to); end >= 0; end = reader.take(ANSWERS, end, to)) {
                statuses.append(reader.status()).append(' ');
            }
        }
        assertThat(statuses.toString()).isEqualTo("201 409 204 200 ");
    }
}
