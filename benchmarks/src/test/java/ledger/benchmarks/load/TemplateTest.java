package ledger.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A request is rendered once; what changes has its place in it. */
class TemplateTest {

    private final Template template =
            Template.post("/v1/things/####/part", "secret", "key-######", "{\"name\":\"Zoë\",\"quantity\":###}");

    @Test
    void places_are_filled_in_their_order() {
        assertThat(rendered(17, 3, 250)).isEqualTo("""
            POST /v1/things/0017/part HTTP/1.1\r
            Host: localhost\r
            Accept: application/json, application/problem+json\r
            Authorization: Bearer secret\r
            Idempotency-Key: key-000003\r
            Content-Type: application/json\r
            Content-Length: 30\r
            \r
            {"name":"Zoë","quantity":250}\
            """);
    }

    @Test
    void a_value_that_does_not_fit_is_refused_and_not_cut() {
        assertThatThrownBy(() -> rendered(17, 3, 1000)).hasMessageContaining("more than 3 digits");
        assertThatThrownBy(() -> rendered(17, 3)).hasMessageContaining("3 places");
    }

    private String rendered(long... values) {
        ByteBuffer out = ByteBuffer.allocate(1000);
        template.put(out, values);
        return new String(out.array(), 0, out.position(), StandardCharsets.UTF_8);
    }
}
