package ledger.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import ledger.testing.TestIssuer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

@SpringBootTest(classes = Shop.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
class HttpConventionsTest {

    private static final String ID = "\"id\":\"0190f3c4-0000-7000-8000-000000000001\"";

    @Autowired
    MockMvcTester http;

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry settings) {
        settings.add("LEDGER_ISSUER_URI", TestIssuer.shared()::uri);
    }

    @LocalServerPort
    int port;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x                            |                         | is not valid JSON",
                "{ID                          |                         | is not valid JSON",
                "null                         |                         | is missing",
                "{ID} x                       |                         | is not valid JSON",
                "{ID}{}                       |                         | something follows",
                "{ID,ID}                      |                         | given twice",
                "{ID,'count':NaN}             |                         | is not valid JSON",
                "{ID,'features':DEEP}         |                         | nested too deeply",
                "{ID,'features':LONG}         |                         | too long",
                "[]                           | ``                      | must be an object",
                "{}                           | /id                     | is required",
                "{'id':null}                  | /id                     | is required",
                "{'id':7}                     | /id                     | must be a UUID",
                "{'id':''}                    | /id                     | must be a UUID",
                "{'id':' 0190f3c4-0000-7000-8000-000000000001'} | /id   | must be a UUID",
                "{'id':'AZDzxAAAcACAAAAAAAAAAQ=='}              | /id   | must be a UUID",
                "{'id':'1-1-1-1-1'}           | /id                     | must be a UUID",
                "{ID,'nope':1}                | /nope                   | is unknown",
                "{ID,'a/b~c':1}               | /a~1b~0c                | is unknown",
                "{ID,'ID':1}                  | /ID                     | is unknown",
                "{ID,'customer':7}            | /customer               | must be a string",
                "{ID,'customer':''}           | /customer               | must be 1 to 255 characters",
                "{ID,'customer':{'value':'a'}}| /customer               | must be a string",
                "{ID,'notes':[7]}             | /notes/0                | must be a string",
                "{ID,'notes':[true]}          | /notes/0                | must be a string",
                "{ID,'notes':'a'}             | /notes                  | must be an array",
                "{ID,'notes':''}              | /notes                  | must be an array",
                "{ID,'prices':[null]}         | /prices/0               | is required",
                "{ID,'prices':{}}             | /prices                 | must be an array",
                "{ID,'prices':PRICE(1900.5)}  | /prices/0/amount/amount | must be a whole number",
                "{ID,'prices':PRICE(1900.0)}  | /prices/0/amount/amount | must be a whole number",
                "{ID,'prices':PRICE(1e3)}     | /prices/0/amount/amount | must be a whole number",
                "{ID,'prices':PRICE('1900')}  | /prices/0/amount/amount | must be a whole number",
                "{ID,'prices':PRICE(true)}    | /prices/0/amount/amount | must be a whole number",
                "{ID,'prices':PRICE(null)}    | /prices/0/amount/amount | is required",
                "{ID,'prices':PRICE(9223372036854775808)} | /prices/0/amount/amount | is out of the range",
                "{ID,'prices':PRICE(-1)}      | /prices/0/amount        | must be from 0 to 9007199254740991",
                "{ID,'prices':UNIT(month)}    | /prices/0/term/unit     | must be one of DAY, WEEK, MONTH, YEAR",
                "{ID,'prices':UNIT(MONTH )}   | /prices/0/term/unit     | must be one of DAY, WEEK, MONTH, YEAR",
                "{ID,'prices':UNIT(2)}        | /prices/0/term/unit     | must be one of DAY, WEEK, MONTH, YEAR",
                "{ID,'prices':UNIT()}         | /prices/0/term/unit     | must be one of DAY, WEEK, MONTH, YEAR",
                "{ID,'prices':CURRENCY(usd)}  | /prices/0/amount/currency | must be an ISO 4217",
                "{ID,'prices':CURRENCY( USD)} | /prices/0/amount/currency | must be an ISO 4217",
                "{ID,'prices':CURRENCY(XAU)}  | /prices/0/amount        | must be the ISO 4217 code",
                "{ID,'express':1}             | /express                | must be true or false",
                "{ID,'express':'true'}        | /express                | must be true or false",
                "{ID,'express':''}            | /express                | must be true or false",
                "{ID,'count':''}              | /count                  | must be a whole number",
                "{ID,'count':[1]}             | /count                  | must be a whole number",
                "{ID,'count':2147483648}      | /count                  | is out of the range",
                "{ID,'at':1700000000}         | /at                     | must be a time from 1970 to 9999",
                "{ID,'at':'2026-01-31'}       | /at                     | must be a time from 1970 to 9999",
                "{ID,'at':'2026-01-31T00:00Z'}| /at                     | must be a time from 1970 to 9999",
                "{ID,'at':'2026-02-30T00:00:00Z'} | /at                 | must be a time from 1970 to 9999",
                "{ID,'at':'1969-12-31T23:59:59Z'} | /at                 | must be a time from 1970 to 9999",
                "{ID,'day':'31.1.2026'}       | /day                    | must be a date",
                "{ID,'day':[2026,1,31]}       | /day                    | must be a date",
                "{ID,'time':'25:00'}          | /time                   | must be a local time",
                "{ID,'zone':'Mars/Olympus'}   | /zone                   | must be an IANA time zone",
                "{ID,'zone':''}               | /zone                   | must be an IANA time zone",
            })
    void a_body_that_does_not_say_exactly_what_it_means_is_refused(
            String body, @Nullable String pointer, String detail) {
        var answer = post(json(body));
        assertThat(answer).hasStatus(400).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (pointer == null) {
            assertThat(answer).bodyJson().extractingPath("$.code").isEqualTo("malformed-json");
        } else {
            assertThat(answer).bodyJson().extractingPath("$.code").isEqualTo("invalid-body");
            assertThat(answer).bodyJson().extractingPath("$.errors[0].pointer").isEqualTo(pointer);
        }
        assertThat(answer).bodyJson().extractingPath("$.detail").asString().contains(detail);
        assertThat(answer).bodyText().doesNotContain("ledger.api", "java", "tools.", "Exception");
    }

    @Test
    void a_body_is_answered_as_it_was_meant() {
        String body = json("{ID,'customer':'c-1','prices':PRICE(1900),'notes':[null],'express':true,'count':3,"
                + "'at':'2026-01-31T00:00:00.123456789+02:00','day':'2026-01-31','time':'09:30:00','zone':'Europe/Berlin',"
                + "'features':{'a':1.50,'b':123456789012345678901234567890,'c':null,'d':['\\u0000',1E+400]}}");
        assertThat(post(body))
                .hasStatusOk()
                .bodyText()
                .isEqualTo(body.replace("2026-01-31T00:00:00.123456789+02:00", "2026-01-30T22:00:00.123456Z"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /v1/orders?x=1                 | 400 | unknown-parameter     | only before, express, limit, plan, status",
                "GET    | /v1/plans/pro?x=1              | 400 | unknown-parameter     | no parameter x",
                "GET    | /v1/orders?status=active       | 400 | invalid-parameter     | must be one of TRIALING, ACTIVE",
                "GET    | /v1/orders?status=             | 400 | invalid-parameter     | must not be empty",
                "GET    | /v1/orders?status=1            | 400 | invalid-parameter     | must be one of TRIALING, ACTIVE",
                "GET    | /v1/orders?plan=BAD            | 400 | invalid-parameter     | plan must be 1 to 63 characters",
                "GET    | /v1/orders?express=maybe       | 400 | invalid-parameter     | express must be true or false",
                "GET    | /v1/orders?before=x            | 400 | invalid-parameter     | before must be a time",
                "GET    | /v1/orders?limit=0             | 400 | invalid-parameter     | limit must be from 1 to 200",
                "GET    | /v1/orders?limit=201           | 400 | invalid-parameter     | limit must be from 1 to 200",
                "GET    | /v1/orders?limit=x             | 400 | invalid-parameter     | limit must be a whole number",
                "GET    | /v1/orders?limit=1&limit=2     | 400 | invalid-parameter     | limit must be given once",
                "GET    | /v1/caller                     | 400 | invalid-parameter     | why",
                "GET    | /v1/caller?why=so              | 400 | invalid-parameter     | Why",
                "GET    | /v1/orders/x                   | 404 | subscription-not-found| id must be a UUID",
                "GET    | /v1/plans/BAD                  | 404 | plan-not-found        | slug must be",
                "GET    | /v1/plans/pro/versions/x       | 404 | not-found             | number must be a whole number",
                "GET    | /v1/nowhere                    | 404 | not-found             | nothing here",
                "GET    | /error                         | 404 | not-found             | nothing here",
                "GET    | /                              | 404 | not-found             | nothing here",
                "DELETE | /v1/orders                     | 405 | method-not-allowed    | method",
                "GET    | /v1/outage                     | 503 | unavailable           | try again later",
                "GET    | /v1/failure                    | 500 | internal-error        | correlation id",
            })
    void a_request_that_cannot_be_served_is_told_why(
            HttpMethod method, String uri, int status, String code, String detail) {
        var answer = http.method(method).uri(uri).exchange();
        assertThat(answer).hasStatus(status).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(answer).bodyJson().extractingPath("$.code").isEqualTo(code);
        assertThat(answer).bodyJson().extractingPath("$.type").asString().endsWith("/problems/" + code);
        assertThat(answer).bodyJson().extractingPath("$.detail").asString().contains(detail);
        assertThat(answer).bodyText().doesNotContain("secret");
        assertThat(answer.getResponse().getHeader("Retry-After")).isEqualTo(status == 503 ? "1" : null);
    }

    @Test
    void anybody_may_ask_which_methods_an_address_takes_and_no_other_site_is_let_in() {
        var methods = http.options().uri("/v1/orders").exchange();
        assertThat(methods).hasStatusOk();
        assertThat(String.valueOf(methods.getResponse().getHeader("Allow")).split(",", -1))
                .containsExactlyInAnyOrder("GET", "HEAD", "OPTIONS", "POST");
        assertThat(http.options()
                        .uri("/v1/orders")
                        .header("Origin", "https://elsewhere.example")
                        .header("Access-Control-Request-Method", "GET"))
                .doesNotContainHeader("Access-Control-Allow-Origin");
        assertThat(http.get().uri("/v1/orders").header("Origin", "https://elsewhere.example"))
                .doesNotContainHeader("Access-Control-Allow-Origin");
    }

    @Test
    void a_filter_comes_from_the_query_only() {
        assertThat(http.get().uri("/v1/orders").header("Status", "ACTIVE").header("Plan", "BAD"))
                .hasStatusOk()
                .bodyText()
                .contains("\"status\":null");
    }

    @Test
    void a_part_of_a_value_that_is_not_valid_is_pointed_at() {
        assertThat(post(json("{ID,'terms':{'product':'p','name':' ','prices':PRICE(1),'trialDays':0,'limits':[]}}")))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("$.errors[0].pointer")
                .isEqualTo("/terms/name");
    }

    @Test
    void only_json_is_taken_and_given() {
        assertThat(http.post().uri("/v1/orders").contentType("text/plain").content("x"))
                .hasStatus(415);
        assertThat(http.post().uri("/v1/orders").contentType("text/plain;;;").content("x"))
                .hasStatus(415);
        assertThat(http.post().uri("/v1/orders").contentType("application/yaml").content("count: 0x10"))
                .hasStatus(415)
                .doesNotContainHeader("Accept-Patch")
                .headers()
                .hasValue("Accept", "application/json, application/*+json");
        assertThat(http.get().uri("/v1/orders").accept("text/html"))
                .hasStatus(406)
                .hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        for (String accepted :
                List.of("application/json;charset=iso-8859-1", "application/json;q=0.5;a=b", "*/*", "")) {
            assertThat(http.get().uri("/v1/orders").header("Accept", accepted))
                    .as(accepted)
                    .hasStatusOk()
                    .hasHeader("Content-Type", "application/json");
        }
    }

    @Test
    void no_address_answers_that_a_library_brings_along() {
        assertThat(http.get().uri("/.well-known/oauth-protected-resource")).hasStatus(404);
        assertThat(http.get().uri("/login")).hasStatus(404);
    }

    @Test
    void an_address_may_mean_two_endpoints_and_means_the_one_that_says_more() {
        assertThat(http.get().uri("/v1/plans/newest")).hasStatusOk().bodyText().isEqualTo("{\"count\":1}");
        assertThat(http.get().uri("/v1/plans/other")).hasStatusOk().bodyText().isEqualTo("\"other\"");
    }

    @Test
    void every_answer_carries_the_correlation_id_of_its_request_or_a_new_one() {
        assertThat(http.get().uri("/v1/orders").header("X-Correlation-Id", "a b~1"))
                .hasHeader("X-Correlation-Id", "a b~1")
                .hasHeader("X-Content-Type-Options", "nosniff")
                .hasHeader("Cache-Control", "no-store");
        for (String unfit : new String[] {"", "é", "x".repeat(129), "a\tb"}) {
            assertThat(http.get()
                            .uri("/v1/nowhere")
                            .header("X-Correlation-Id", unfit)
                            .exchange()
                            .getResponse()
                            .getHeader("X-Correlation-Id"))
                    .matches("[0-9a-f-]{36}");
        }
    }

    @Test
    void a_body_of_more_than_256_KiB_is_refused_whether_its_length_is_told_or_not() throws IOException {
        String large = json("{ID,'features':'" + "x".repeat(256 * 1024) + "'}");
        assertThat(raw("POST /v1/orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + large.length() + "\r\n\r\n" + large))
                .startsWith("HTTP/1.1 413")
                .contains("body-too-large");
        assertThat(raw("POST /v1/orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(large.length()) + "\r\n" + large
                        + "\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 413")
                .contains("body-too-large");
        String small = json("{ID}");
        assertThat(raw("POST /v1/orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(small.length()) + "\r\n" + small
                        + "\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /v1/orders?status=%zz HTTP/1.1, 400",
        "GET /v1/orders?x=<> HTTP/1.1, 400",
        "GET /v1/\u00e9 HTTP/1.1, 400",
        "GET /v1/%2e%2e/%2f HTTP/1.1, 400",
        "GET HTTP/1.1, 400",
        "NONSENSE, 400",
        "TRACE /v1/orders HTTP/1.1, 405",
        "GET /v1/orders HTTP/9.9, 505",
    })
    void what_the_server_refuses_by_itself_is_a_problem_too(String line, int status) throws IOException {
        assertThat(raw(line + "\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .contains("subscription-ledger.dev/problems/", "\"status\":" + status)
                .doesNotContain("Tomcat", "<html", "\tat ", "Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: a\u0001b", "X: a\u0000", "X: a\u007fb", "X\u0001: a", "X Y: a", ": a", "X"})
    void headers_that_are_none_are_refused_before_anybody_reads_them(String header) throws IOException {
        assertThat(lines("GET /v1/orders HTTP/1.1%nHost: a%nConnection: close%n" + header))
                .startsWith("HTTP/1.1 400")
                .contains("subscription-ledger.dev/problems/");
    }

    @Test
    void headers_that_are_too_large_or_too_many_are_refused_as_such() throws IOException {
        String start = "GET /v1/orders HTTP/1.1%nHost: a%nConnection: close%nX: ";
        assertThat(lines(start + "x".repeat(15_000))).startsWith("HTTP/1.1 200");
        for (String headers : new String[] {"x".repeat(17_000), "x%nX: ".repeat(100) + "x"}) {
            assertThat(lines(start + headers))
                    .startsWith("HTTP/1.1 431")
                    .contains("application/problem+json", "\"code\":\"headers-too-large\"", "\"status\":431")
                    .doesNotContain("Tomcat", "<html");
        }
        assertThat(lines("GET /v1/orders?status=" + "x".repeat(17_000) + " HTTP/1.1%nHost: a"))
                .startsWith("HTTP/1.1 431");
    }

    /** The head of a request, its lines being separated by {@code %n}. */
    private String lines(String head) throws IOException {
        return raw(head.replace("%n", "\r\n") + "\r\n\r\n");
    }

    @Test
    void the_description_names_every_problem_and_writes_values_as_what_they_are() {
        var description = http.get().uri("/v3/api-docs").exchange();
        assertThat(description)
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.openapi")
                .isEqualTo("3.1.0");
        assertThat(description)
                .bodyJson()
                .extractingPath("$.paths['/v1/orders'].post.responses['409'].description")
                .isEqualTo("`plan-retired`: The plan takes no new subscriptions");
        assertThat(description)
                .bodyJson()
                .extractingPath("$.paths['/v1/orders'].post.responses['400'].description")
                .asString()
                .contains("malformed-json", "invalid-body", "unknown-parameter");
        assertThat(description)
                .bodyJson()
                .extractingPath("$.paths['/v1/orders'].get.parameters[*].name")
                .asArray()
                .containsExactly("status", "before", "plan", "express", "limit");
        assertThat(description)
                .bodyJson()
                .extractingPath("$.paths['/v1/orders/{id}'].get.parameters[0].name")
                .isEqualTo("id");
        assertThat(description)
                .bodyJson()
                .extractingPath("$.paths['/v1/caller'].get.parameters[*].name")
                .asArray()
                .doesNotContain("caller");
        assertThat(description)
                .bodyJson()
                .extractingPath("$.components.schemas.Order.required")
                .asArray()
                .containsExactly("id");
        assertThat(description)
                .bodyJson()
                .extractingPath("$.components.schemas.Order.properties.customer.type")
                .isEqualTo("string");
        assertThat(description)
                .bodyJson()
                .extractingPath("$.components.schemas.Money.properties.currency.type")
                .isEqualTo("string");
        assertThat(http.get().uri("/swagger-ui.html")).hasStatus3xxRedirection();
        assertThat(http.get().uri("/swagger-ui/index.html")).hasStatusOk();
    }

    private MvcTestResult post(String body) {
        return http.post()
                .uri("/v1/orders")
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private static String json(String body) {
        return body.replace("{ID", "{" + ID)
                .replace(",ID", "," + ID)
                .replace("DEEP", "[".repeat(101) + "]".repeat(101))
                .replace("LONG", "9".repeat(101))
                .replaceAll("PRICE\\((.*?)\\)", price("MONTH", "$1", "USD"))
                .replaceAll("UNIT\\((.*?)\\)", price("$1", "1", "USD"))
                .replaceAll("CURRENCY\\((.*?)\\)", price("MONTH", "1", "$1"))
                .replace('\'', '"');
    }

    private static String price(String unit, String amount, String currency) {
        return "[{'term':{'every':1,'unit':'%s'},'amount':{'amount':%s,'currency':'%s'},'per':'FLAT'}]"
                .formatted(unit, amount, currency);
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
