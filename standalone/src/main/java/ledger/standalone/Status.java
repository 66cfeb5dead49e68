package ledger.standalone;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import ledger.standalone.LedgerClient.Answer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a ledger is, on one screen. */
@Command(
        name = "status",
        description = "Say how a ledger is: its health, its views, what is due, and the jobs that run.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it is well",
            "1:it could not be asked",
            "2:the command was not understood",
            "3:it is not well"
        })
final class Status implements Callable<Integer> {

    private static final int NOT_WELL = 3;

    /** What is asked; where sides are apart, an address may be served by neither of those behind the URL. */
    private static final Map<String, String> QUESTIONS = new LinkedHashMap<>();

    static {
        QUESTIONS.put("health", "/actuator/health");
        QUESTIONS.put("views", "/v1/admin/projections");
        QUESTIONS.put("deadlines", "/v1/admin/deadlines");
        QUESTIONS.put("jobs", "/v1/admin/jobs?state=RUNNING");
    }

    @Mixin
    private Credentials credentials = new Credentials();

    @Option(names = "--json", description = "Print what the ledger answers as one object.")
    private boolean json;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() {
        LedgerClient ledger = credentials.connect();
        Map<String, Object> parts = new LinkedHashMap<>();
        List<String> untold = new ArrayList<>();
        boolean well = true;
        for (var question : QUESTIONS.entrySet()) {
            Answer answer = ledger.look(question.getValue());
            if (answer.status() == 401 || answer.status() == 403) {
                throw new CannotGoOn("the ledger at " + credentials.url() + " does not tell: "
                        + answer.body().path("detail").asString("the token is not good enough"));
            }
            if (answer.status() == 404) {
                untold.add(question.getKey());
                continue;
            } else if (answer.status() == 429) {
                throw new CannotGoOn("the ledger at " + credentials.url() + " is asked too often: "
                        + answer.body().path("detail").asString());
            }
            well &= answer.isSuccess();
            parts.put(question.getKey(), answer.body());
        }
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>(Map.of("well", well));
            all.putAll(parts);
            all.put("untold", untold);
            out.println(new JsonMapper().writeValueAsString(all));
        } else {
            String words = (well ? "well" : "not well") + (untold.isEmpty() ? "" : ", as far as this address tells");
            out.printf("The ledger at %s is %s.%n", credentials.url(), words);
            untold.forEach(part -> line(out, part, "", "is not told here, but elsewhere: at a management port, say"));
            parts.forEach((part, body) -> print(out, part, (JsonNode) body));
        }
        return well ? 0 : NOT_WELL;
    }

    private static void print(PrintWriter out, String part, JsonNode body) {
        if (body.has("code") && body.has("detail")) {
            out.printf("  %-11s %s%n", part, body.path("detail").asString());
            return;
        }
        switch (part) {
            case "health" ->
                body.path("components")
                        .properties()
                        .forEach(one -> line(out, part, one.getKey(), health(one.getValue())));
            case "deadlines" -> line(out, part, "", deadlines(body));
            case "views" -> body.path("items").forEach(view -> line(out, part, text(view, "name"), view(view)));
            default -> body.path("items").forEach(job -> line(out, part, text(job, "subject"), JobWatch.words(job)));
        }
    }

    private static void line(PrintWriter out, String part, String name, String words) {
        out.printf("  %-11s %s%s%n", part, name.isEmpty() ? "" : "%-14s ".formatted(name), words);
    }

    private static String health(JsonNode component) {
        String error = component.path("details").path("error").asString("");
        return text(component, "status") + (error.isEmpty() ? "" : ": " + error);
    }

    private static String view(JsonNode view) {
        String error = text(view, "error");
        long parked = view.path("parked").asLong();
        return "%s, version %d, at position %,d, %,d behind%s%s"
                .formatted(
                        text(view, "state"),
                        view.path("version").asLong(),
                        view.path("position").asLong(),
                        view.path("lagEvents").asLong(),
                        parked == 0 ? "" : ", %,d streams are parked".formatted(parked),
                        error.isEmpty() ? "" : ": " + error);
    }

    private static String deadlines(JsonNode body) {
        JsonNode lateness = body.path("lateness");
        return "%,d due, %,d overdue, next at %s; lately fired %.0f ms late, at most %.0f"
                .formatted(
                        body.path("due").asLong(),
                        body.path("overdue").asLong(),
                        body.path("next").asString("no time"),
                        lateness.path("p50").asDouble(),
                        lateness.path("max").asDouble());
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }
}
