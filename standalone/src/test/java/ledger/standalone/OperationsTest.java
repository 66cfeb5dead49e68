package ledger.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ledger.standalone.RunningLedger.Ran;
import ledger.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** That what is made for those who run it fits it: the dashboard and the alarms ask for what is there, the proxy knows who has what. */
class OperationsTest {

    private static final Pattern METRIC =
            Pattern.compile("\\b(?:ledger|http|cache|hikaricp|jvm|process)_[a-z_]+[a-z]\\b");

    private static final TestDatabase database = TestDatabase.create();
    private static RunningLedger ledger;
    private static Set<String> exported = Set.of();

    @BeforeAll
    static void start() {
        ledger = RunningLedger.on(database);
        Client admin = new Client(ledger.url(), ledger.token());
        admin.post("/v1/plans", """
                {"slug": "pro", "name": "Pro", "prices": [{"term": {"every": 1, "unit": "MONTH"},
                    "amount": {"amount": 1900, "currency": "USD"}, "per": "FLAT"}]}""");
        admin.get("/v1/customers/c/access");
        exported = admin.get("/actuator/prometheus")
                .response()
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", -1)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    @Test
    void everyMetricOfTheDashboardIsExported() throws Exception {
        var dashboard = new JsonMapper().readTree(Files.readString(Path.of("../docs/grafana.json")));
        Set<String> asked = named(dashboard.findValuesAsString("expr").stream());
        assertThat(asked).hasSizeGreaterThan(10);
        assertThat(exported).containsAll(asked);
    }

    @Test
    void everyMetricOfTheOperationsPageIsExported() throws Exception {
        Set<String> asked = named(Files.lines(Path.of("../docs/operations.md")));
        assertThat(asked).isNotEmpty();
        assertThat(exported).containsAll(asked);
    }

    @Test
    void theCommandLineSaysThatItIsWellForPeopleAndForPrograms() {
        Ran said = ledger.run("status");
        assertThat(said.output()).contains("is well.", "projections    UP", "ledger         UP");
        assertThat(said.code()).isZero();
        Ran json = ledger.run("status", "--json");
        assertThat(json.code()).isZero();
        assertThat(new JsonMapper().readTree(json.output()).path("well").asBoolean())
                .isTrue();
        assertThat(RunningLedger.execute("status", "--url", "http://localhost:1", "--token", "any"))
                .satisfies(none -> assertThat(none.code()).isEqualTo(1))
                .satisfies(none -> assertThat(none.output()).contains("no ledger answers at http://localhost:1"));
        assertThat(RunningLedger.execute("status", "--colour").code()).isEqualTo(2);
    }

    @Test
    void everyCommandSaysItsVersion() {
        Set<String> commands = Standalone.commandLine().getSubcommands().keySet();
        assertThat(commands).contains("serve", "verify", "status").allSatisfy(command -> {
            boolean isHelp = command.equals("help");
            String said = isHelp
                    ? Standalone.VERSION
                    : RunningLedger.execute(command, "-V").output();
            assertThat(said).contains(Standalone.VERSION);
        });
    }

    /** As a proxy does, and a ledger that has a management port. */
    @Test
    void theCommandLineSaysWhatItIsNotTold() throws Exception {
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            byte[] body = "{\"items\":[]}".getBytes(UTF_8);
            boolean isHealth = exchange.getRequestURI().getPath().startsWith("/actuator");
            exchange.sendResponseHeaders(isHealth ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        proxy.start();
        try {
            String url = "http://127.0.0.1:" + proxy.getAddress().getPort();
            Ran said = RunningLedger.execute("status", "--url", url, "--token", "any");
            assertThat(said.output()).contains("well, as far as this address tells", "health      is not told here");
            Ran json = RunningLedger.execute("status", "--url", url, "--token", "any", "--json");
            assertThat(new JsonMapper()
                            .readTree(json.output())
                            .path("untold")
                            .path(0)
                            .asString())
                    .isEqualTo("health");
        } finally {
            proxy.stop(0);
        }
    }

    @Test
    void theCommandLineHasTheLedgerVerifyWhatItStores() {
        await().until(() -> ledger.run("checkpoint").code() == 0);
        assertThat(ledger.run("verify-stored"))
                .satisfies(done -> assertThat(done.output()).contains("verification ledger done", "\"intact\" : true"))
                .satisfies(done -> assertThat(done.code()).isZero());
    }

    @Test
    void theCommandLineRotatesTheKeyOfTheSeal(@TempDir Path directory) throws Exception {
        Path keys = Files.copy(ledger.data().resolve("seal-key"), directory.resolve("seal-key"));
        String old = Files.readString(keys);
        Ran rotated = RunningLedger.execute("rotate-seal-key", "--file", keys.toString());
        assertThat(rotated.code()).isZero();
        assertThat(rotated.output())
                .startsWith(ledger.run("checkpoint", "--keys").output().split("\\+", 2)[0] + "+");
        assertThat(Files.readString(keys)).endsWith(old).hasLineCount(2);
        assertThat(RunningLedger.execute("rotate-seal-key", "--file", directory + "/none")
                        .output())
                .contains("there is no");
    }

    @Test
    void theCommandLineRebuildsAndComparesProjections() throws Exception {
        assertThat(ledger.run("rebuild", "subscription", "--follow"))
                .satisfies(done -> assertThat(done.output()).contains("rebuild", "done"))
                .satisfies(done -> assertThat(done.code()).isZero());
        Ran same = ledger.run("diff", "plan", "--json");
        assertThat(same.code()).as(same.output()).isZero();
        assertThat(new JsonMapper()
                        .readTree(same.output())
                        .at("/result/differences")
                        .asLong(-1))
                .isZero();

        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("update views_plan_1.plan set monthly = 1 where slug = 'pro'");
        }
        Ran different = ledger.run("diff", "plan");
        assertThat(different.code()).as(different.output()).isEqualTo(3);
        assertThat(different.output()).contains("\"differences\" : 1", "plan.published");

        Ran unknown = ledger.run("rebuild", "nothing");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.output()).contains("404");
    }

    private static Set<String> named(Stream<String> texts) {
        return texts.flatMap(text -> METRIC.matcher(text).results())
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of controllers of either side; the first line of the proxy's map that fits decides, or else its default. */
    @Test
    void theProxySendsEveryRequestToTheSideThatAnswersIt() throws Exception {
        List<MatchResult> map = Pattern.compile("^    \"~(.*)\" +([a-z]+)-sides;", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("../ops/nginx.conf")))
                .results()
                .toList();
        assertThat(map).isNotEmpty();
        Map<String, String> wrong = new TreeMap<>();
        ledger.context()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((mapping, method) -> {
                    String side = side(method.getBeanType());
                    for (String request : requests(mapping)) {
                        String routed = map.stream()
                                .filter(line -> Pattern.compile(line.group(1))
                                        .matcher(request)
                                        .find())
                                .map(line -> line.group(2))
                                .findFirst()
                                .orElse("command");
                        if (!side.isEmpty() && !routed.equals(side)) {
                            wrong.put(request, routed);
                        }
                    }
                });
        assertThat(wrong).isEmpty();
    }

    private static String side(Class<?> controller) {
        String name = controller.getPackageName();
        return name.startsWith("ledger.command") ? "command" : name.startsWith("ledger.query") ? "query" : "";
    }

    private static List<String> requests(RequestMappingInfo mapping) {
        return mapping.getMethodsCondition().getMethods().stream()
                .flatMap(method ->
                        mapping.getPatternValues().stream().map(path -> method + " " + path.replaceAll("[{}]", "")))
                .toList();
    }
}
