package ledger.http;

import static org.assertj.core.api.Assertions.assertThat;

import ledger.testing.TestIssuer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** The seed's rates: ten a minute for those without a token, twenty for everybody else. */
@SpringBootTest(
        classes = Shop.class,
        properties = {"LEDGER_ANONYMOUS_PER_MINUTE=10", "LEDGER_USER_PER_MINUTE=20"})
@AutoConfigureMockMvc
class ThrottleTest {

    @Autowired
    MockMvcTester http;

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry settings) {
        settings.add("LEDGER_ISSUER_URI", TestIssuer.shared()::uri);
    }

    @Test
    void each_client_has_its_own_and_is_told_when_to_come_again() {
        assertThat(served("10.0.0.1", null)).isEqualTo(10);
        assertThat(served("10.0.0.2", null)).isEqualTo(10);
        assertThat(served("10.0.0.1", TestIssuer.shared().token("ann"))).isEqualTo(20);
        assertThat(served("10.0.0.1", TestIssuer.shared().token("bob"))).isEqualTo(20);
        assertThat(served("10.0.0.1", TestIssuer.shared().tokenOf("acme", "bob")))
                .isEqualTo(20);

        MvcTestResult refused = send("10.0.0.1", null);
        assertThat(refused)
                .hasStatus(429)
                .hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
                .hasHeader("RateLimit-Policy", "\"anonymous\";q=10;w=60")
                .bodyJson()
                .extractingPath("$.code")
                .isEqualTo("rate-limited");
        assertThat(Integer.parseInt(String.valueOf(refused.getResponse().getHeader("Retry-After"))))
                .isBetween(1, 6);
        assertThat(refused.getResponse().getHeader("RateLimit")).startsWith("\"anonymous\";r=0;t=");
    }

    @Test
    void bad_tokens_count_against_the_address() {
        assertThat(served("10.0.0.3", "nonsense")).isZero();
        assertThat(send("10.0.0.3", "nonsense")).hasStatus(429);
    }

    private int served(String address, @Nullable String token) {
        int served = 0;
        for (int i = 0; i < 25; i++) {
            served += send(address, token).getResponse().getStatus() == 200 ? 1 : 0;
        }
        return served;
    }

    private MvcTestResult send(String address, @Nullable String token) {
        var request = http.get().uri("/v1/orders").with(sent -> {
            sent.setRemoteAddr(address);
            return sent;
        });
        return (token == null ? request : request.header("Authorization", "Bearer " + token)).exchange();
    }
}
