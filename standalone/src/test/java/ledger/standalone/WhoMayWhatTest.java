package ledger.standalone;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import ledger.standalone.Client.Answer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Every endpoint there is, for everybody there is, on what is theirs, somebody else's and another tenant's. An endpoint that
 * this table does not know fails the test, and so does a line of it that no endpoint serves.
 */
class WhoMayWhatTest {

    /**
     * Endpoint, what {x} in it stands for, who may, and a body. The callers are anonymous, none (a token without roles), customer,
     * manager, operator, auditor and admin. Of a SUBSCRIPTION a customer has one; PLANs and CUSTOMERs are a tenant's.
     */
    private static final String TABLE = """
            POST   /v1/plans                                   | -            | manager admin                   | {}
            POST   /v1/plans/{slug}/versions                   | PLAN         | manager admin                   | {'name':'P','product':'default','prices':[{'term':{'every':1,'unit':'MONTH'},'amount':{'amount':2,'currency':'USD'},'per':'FLAT'}]}
            POST   /v1/plans/{slug}/retirement                 | PLAN         | manager admin                   |
            PUT    /v1/products/{product}/policy               | -            | manager admin                   | {'maxLivePerCustomer':9}
            POST   /v1/subscriptions                           | -            | customer operator admin         | {}
            POST   /v1/subscriptions/{id}/usage                | SUBSCRIPTION | customer operator admin         | {'metric':'calls','quantity':1}
            POST   /v1/subscriptions/{id}/quantity-change      | SUBSCRIPTION | customer operator admin         | {'quantity':2}
            POST   /v1/subscriptions/{id}/plan-change          | SUBSCRIPTION | customer operator admin         | {'plan':'pro','when':'PERIOD_END'}
            DELETE /v1/subscriptions/{id}/plan-change          | SUBSCRIPTION | customer operator admin         |
            PUT    /v1/subscriptions/{id}/auto-renew           | SUBSCRIPTION | customer operator admin         | {'enabled':true}
            POST   /v1/subscriptions/{id}/renewal              | SUBSCRIPTION | customer operator admin         |
            POST   /v1/subscriptions/{id}/pause                | SUBSCRIPTION | customer operator admin         | {}
            POST   /v1/subscriptions/{id}/resumption           | SUBSCRIPTION | customer operator admin         |
            POST   /v1/subscriptions/{id}/cancellation         | SUBSCRIPTION | customer operator admin         | {'when':'PERIOD_END'}
            DELETE /v1/subscriptions/{id}/cancellation         | SUBSCRIPTION | customer operator admin         |
            POST   /v1/subscriptions/{id}/expiry               | SUBSCRIPTION | operator admin                  |
            POST   /v1/subscriptions/{id}/corrections          | SUBSCRIPTION | operator admin                  | {'corrects':0,'reason':'r','credit':{'amount':1,'currency':'USD'}}
            POST   /v1/subscriptions/{id}/what-if              | SUBSCRIPTION | operator auditor admin          | {'zone':'Europe/Berlin'}
            GET    /v1/subscriptions                           | LIST         | customer operator auditor admin |
            GET    /v1/subscriptions/{id}                      | SUBSCRIPTION | customer operator auditor admin |
            GET    /v1/subscriptions/{id}/limits               | SUBSCRIPTION | customer operator auditor admin |
            GET    /v1/customers/{customerId}/access           | CUSTOMER     | customer operator auditor admin |
            GET    /v1/subscriptions/{id}/history              | SUBSCRIPTION | customer operator auditor admin |
            GET    /v1/customers/{customerId}/history          | CUSTOMER     | customer operator auditor admin |
            GET    /v1/plans/{slug}/history                    | PLAN         | manager operator auditor admin  |
            GET    /v1/plans                                   | -            | everybody                       |
            GET    /v1/plans/{slug}                            | PLAN         | everybody                       |
            GET    /v1/plans/{slug}/versions/{number}          | PLAN         | everybody                       |
            GET    /v1/statistics                              | -            | operator auditor admin          |
            GET    /v1/ledger/events                           | -            | auditor admin                   |
            GET    /v1/ledger/export                           | -            | auditor admin                   |
            GET    /v1/ledger/checkpoint                       | -            | auditor admin                   |
            GET    /v1/ledger/checkpoints                      | -            | auditor admin                   |
            GET    /v1/ledger/key                              | -            | auditor admin                   |
            POST   /v1/ledger/verification                     | -            | auditor admin                   |
            GET    /v1/ledger/proofs/inclusion                 | -            | auditor admin                   |
            GET    /v1/ledger/proofs/consistency               | -            | auditor admin                   |
            GET    /v1/admin/clock                             | -            | auditor admin                   |
            PUT    /v1/admin/clock                             | -            | admin                           | {'now':'2030-01-01T00:00:00Z'}
            POST   /v1/admin/clock/advance                     | -            | admin                           | {'to':'2030-01-01T00:00:00Z'}
            GET    /v1/admin/deadlines                         | -            | auditor admin                   |
            POST   /v1/admin/deadlines/check                   | -            | admin                           |
            POST   /v1/admin/deadlines/rebuild                 | -            | admin                           |
            GET    /v1/admin/jobs                              | -            | auditor admin                   |
            GET    /v1/admin/jobs/{id}                         | NOWHERE      | auditor admin                   |
            POST   /v1/admin/jobs/{id}/pause                   | NOWHERE      | admin                           |
            POST   /v1/admin/jobs/{id}/resumption              | NOWHERE      | admin                           |
            POST   /v1/admin/jobs/{id}/cancellation            | NOWHERE      | admin                           |
            GET    /v1/admin/projections                       | -            | auditor admin                   |
            GET    /v1/admin/projections/{name}                | NOWHERE      | auditor admin                   |
            POST   /v1/admin/projections/{name}/rebuild        | NOWHERE      | admin                           |
            POST   /v1/admin/projections/{name}/diff           | NOWHERE      | admin                           |
            POST   /v1/admin/projections/{name}/rollback       | NOWHERE      | admin                           |
            DELETE /v1/admin/projections/{name}/previous       | NOWHERE      | admin                           |
            GET    /v1/admin/projections/{name}/parked         | NOWHERE      | auditor admin                   |
            POST   /v1/admin/projections/{name}/parked/{streamId}/retry | NOWHERE | admin                       |
            POST   /v1/accounts                                | -            | everybody                       | {}
            POST   /v1/sessions                                | -            | everybody                       | {}
            POST   /v1/sessions/refresh                        | -            | everybody                       | {}
            POST   /v1/admin/clients                           | -            | admin                           | {}
            DELETE /v1/admin/clients/{clientId}                | CLIENT       | admin                           |
            POST   /v1/admin/tokens                            | -            | admin                           | {}
            POST   /v1/admin/signing-keys                      | -            | admin                           |
            GET    /.well-known/openid-configuration           | -            | everybody                       |
            GET    /.well-known/oauth-authorization-server     | -            | everybody                       |
            GET    /v3/api-docs                                | -            | everybody                       |
            GET    /v3/api-docs.yaml                           | -            | everybody                       |
            GET    /v3/api-docs/swagger-config                 | -            | everybody                       |
            GET    /swagger-ui.html                            | -            | everybody                       |
            ANY    /error                                      | NOWHERE      | everybody                       |
            """;

    /** Those that are no controllers: the authorization server's, and the actuator's. */
    private static final String BESIDE = """
            GET    /oauth2/jwks                                | -            | everybody                       |
            GET    /actuator/health                            | -            | everybody                       |
            GET    /actuator/health/readiness                  | -            | everybody                       |
            GET    /actuator/health/work                       | -            | everybody                       |
            GET    /actuator                                   | -            | admin                           |
            GET    /actuator/prometheus                        | -            | admin                           |
            """;

    private static final List<String> CALLERS =
            List.of("anonymous", "none", "customer", "manager", "operator", "auditor", "admin");

    private enum Whose {
        OWN,
        OTHERS,
        OTHER_TENANTS
    }

    record Line(String endpoint, String what, Set<String> allowed, String body) {

        static Line of(String text) {
            String[] cells = text.split("\\|", -1);
            Set<String> allowed = cells[2].strip().equals("everybody")
                    ? Set.copyOf(CALLERS)
                    : Set.of(cells[2].strip().split(" "));
            return new Line(
                    cells[0].strip().replaceAll(" +", " "),
                    cells[1].strip(),
                    allowed,
                    cells[3].strip().replace('\'', '"'));
        }

        String method() {
            return endpoint.startsWith("ANY ") ? "GET" : endpoint.split(" ", -1)[0];
        }

        String path() {
            return endpoint.split(" ", -1)[1];
        }
    }

    private static RunningLedger ledger;
    private static final Map<String, Client> callers = new LinkedHashMap<>();
    private static final Map<Whose, String> subscriptions = new LinkedHashMap<>();
    private static String position = "";

    @BeforeAll
    static void start() {
        ledger = RunningLedger.shared();
        Client nobody = new Client(ledger.url(), null);
        callers.put("anonymous", nobody);
        Client admin = nobody.as(ledger.token());
        for (String role : CALLERS.subList(1, CALLERS.size())) {
            String roles = role.equals("none") ? "" : "\"" + role + "\"";
            callers.put(
                    role,
                    nobody.as(admin.post("/v1/admin/tokens", "{\"roles\": [%s], \"subject\": \"ann\"}".formatted(roles))
                            .text("accessToken")));
        }
        Client theirs = nobody.as(ledger.token("--tenant", "acme"));
        sell(admin, "pro");
        sell(theirs, "pro");
        sell(theirs, "theirs");
        subscriptions.put(Whose.OWN, subscribe(admin, "ann"));
        subscriptions.put(Whose.OTHERS, subscribe(admin, "bob"));
        subscriptions.put(Whose.OTHER_TENANTS, subscribe(theirs, "zoe"));
    }

    @Test
    void theTableHasEveryEndpointAndNoOther() {
        Set<String> mapped = ledger
                .context()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .stream()
                .flatMap(WhoMayWhatTest::endpoints)
                .collect(toCollection(TreeSet::new));
        assertThat(mapped).isEqualTo(lines().map(Line::endpoint).collect(toCollection(TreeSet::new)));
    }

    private static Stream<String> endpoints(RequestMappingInfo mapping) {
        List<String> methods = mapping.getMethodsCondition().getMethods().isEmpty()
                ? List.of("ANY")
                : mapping.getMethodsCondition().getMethods().stream()
                        .map(Enum::name)
                        .toList();
        return mapping.getPatternValues().stream()
                .flatMap(path -> methods.stream().map(method -> method + " " + path));
    }

    @ParameterizedTest
    @MethodSource("all")
    void whoMayDoesAndWhoMayNotIsTold(String endpoint) {
        Line line = Stream.concat(lines(), beside())
                .filter(one -> one.endpoint.equals(endpoint))
                .findAny()
                .orElseThrow();
        List<String> wrong = new ArrayList<>();
        for (String caller : CALLERS) {
            for (Whose whose : Whose.values()) {
                Answer answer = caller(caller).send(line.method(), path(line, whose), line.body(), headers());
                String expected = expected(line, caller, whose);
                String seen = seen(answer);
                if (!seen.equals(expected)) {
                    wrong.add("%s, %s: %s instead of %s (%d %s)"
                            .formatted(caller, whose, seen, expected, answer.status(), answer.body()));
                }
                if (expected.equals("missing") && line.what.equals("SUBSCRIPTION")) {
                    assertThat(told(answer))
                            .isEqualTo(told(caller(caller)
                                    .send(
                                            line.method(),
                                            path(line, "0198c2a4-0000-7000-8000-00000000dead"),
                                            line.body(),
                                            headers())));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static String expected(Line line, String caller, Whose whose) {
        if (!line.allowed.contains(caller)) {
            return caller.equals("anonymous") ? "unauthenticated" : "forbidden";
        }
        return switch (line.what) {
            case "SUBSCRIPTION" ->
                whose == Whose.OTHER_TENANTS || (whose == Whose.OTHERS && caller.equals("customer"))
                        ? "missing"
                        : "admitted";
            case "PLAN" -> whose == Whose.OTHER_TENANTS ? "missing" : "admitted";
            case "CLIENT", "NOWHERE" -> "missing";
            default -> "admitted";
        };
    }

    private static String seen(Answer answer) {
        return switch (answer.status()) {
            case 401 -> "unauthenticated";
            case 403 -> "forbidden";
            case 404 -> "missing";
            case 500, 501, 502, 503, 504 -> "failed";
            default -> "admitted";
        };
    }

    private static String told(Answer answer) {
        return (answer.status() + " " + answer.response().headers().map().keySet() + " " + answer.body())
                .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "ID");
    }

    @Test
    void listsAndAccessShowACustomerItsOwnAndOthersTheTenants() {
        for (String caller : List.of("customer", "operator", "auditor", "admin")) {
            boolean isCustomer = caller.equals("customer");
            Client client = caller(caller);
            String list = client.send("GET", "/v1/subscriptions", "", headers())
                    .body()
                    .toString();
            assertThat(list.contains(subscription(Whose.OWN))).isTrue();
            assertThat(list.contains(subscription(Whose.OTHERS))).isEqualTo(!isCustomer);
            assertThat(list.contains(subscription(Whose.OTHER_TENANTS))).isFalse();
            assertThat(mayAccess(client, "ann")).isTrue();
            assertThat(mayAccess(client, "bob")).isEqualTo(!isCustomer);
            assertThat(mayAccess(client, "zoe")).isFalse();
        }
    }

    private static boolean mayAccess(Client client, String customer) {
        return client.send("GET", "/v1/customers/" + customer + "/access", "", headers())
                .body()
                .path("allowed")
                .asBoolean();
    }

    private static Client caller(String name) {
        return Objects.requireNonNull(callers.get(name));
    }

    private static String subscription(Whose whose) {
        return Objects.requireNonNull(subscriptions.get(whose));
    }

    static Stream<String> all() {
        return Stream.concat(lines(), beside()).map(Line::endpoint);
    }

    static Stream<Line> lines() {
        return TABLE.lines().map(Line::of);
    }

    private static Stream<Line> beside() {
        return BESIDE.lines().map(Line::of);
    }

    private static String[] headers() {
        return new String[] {"Ledger-Position", position};
    }

    private static String path(Line line, Whose whose) {
        return path(
                line,
                switch (line.what) {
                    case "SUBSCRIPTION" -> subscription(whose);
                    case "PLAN" -> whose == Whose.OTHER_TENANTS ? "theirs" : "pro";
                    case "CUSTOMER" ->
                        switch (whose) {
                            case OWN -> "ann";
                            case OTHERS -> "bob";
                            case OTHER_TENANTS -> "zoe";
                        };
                    default -> "some";
                });
    }

    static String path(Line line, String named) {
        return line.path().replace("{number}", "1").replaceAll("\\{[a-zA-Z]+}", named);
    }

    private static void sell(Client client, String plan) {
        Answer sold = client.post("/v1/plans", """
                {"slug": "%s", "name": "Plan", "prices": [{"term": {"every": 1, "unit": "MONTH"},
                    "amount": {"amount": 1900, "currency": "USD"}, "per": "FLAT"}],
                 "limits": [{"metric": "calls", "max": 10000, "kind": "PER_PERIOD", "mode": "HARD"}]}
                """.formatted(plan));
        assertThat(sold.status()).isEqualTo(201);
    }

    private static String subscribe(Client client, String customer) {
        Answer subscribed = Sales.subscribe(client, customer);
        position = subscribed.response().headers().firstValue("Ledger-Position").orElseThrow();
        return subscribed.text("subscriptionId");
    }
}
