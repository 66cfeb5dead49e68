package ledger.standalone;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import ledger.standalone.LedgerClient.Request;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Plays RavenStack against a ledger through its public interface, on a simulated clock. */
@Command(
        name = "replay",
        description = {
            "Play two years of RavenStack, 500 accounts with 5,000 subscriptions, against a running ledger that is"
                    + " empty, on a simulated clock.",
            "Stop it whenever you like: started again, it goes on where it was."
        },
        mixinStandardHelpOptions = true)
final class Replay implements Callable<Integer> {

    private static final String CLOCK = "/v1/admin/clock";

    @Mixin
    private Credentials credentials = new Credentials();

    @Option(
            names = {"--share", "--accounts"},
            defaultValue = "1",
            description = "Which share of the accounts takes part, such as 0.1. Default: all.")
    private double share;

    @Option(
            names = "--data",
            description = "A directory with accounts.csv and subscriptions.csv, instead of those we bring.")
    private @Nullable Path data;

    @Option(names = "--json", description = "Print the summary as JSON.")
    private boolean json;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() {
        if (!(share > 0 && share <= 1)) {
            throw new CannotGoOn("--share must be above 0 and up to 1");
        }
        RavenStack company = RavenStack.read(data, share);
        LedgerClient ledger = credentials.connect();
        long begin = System.nanoTime();
        Tally tally = play(company, ledger, new ProgressBar());
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        JsonNode statistics = ledger.send(Request.get("/v1/statistics"));
        ReplaySummary summary = ReplaySummary.of(company.accounts(), company.subscriptions(), tally, took, statistics);
        command.commandLine().getOut().println(json ? new JsonMapper().writeValueAsString(summary) : summary.text());
        return 0;
    }

    /**
     * A step is over before the clock moves on, so the clock tells which steps are behind us; the one it stands at may be half
     * done and is repeated as a whole.
     */
    private static Tally play(RavenStack company, LedgerClient ledger, ProgressBar progress) {
        Instant now = clockFor(company, ledger);
        Tally tally = new Tally();
        for (var step : company.timetable().tailMap(now).entrySet()) {
            advance(ledger, step.getKey());
            tally.add(step.getValue(), ledger.send(step.getValue()));
            show(progress, step.getKey());
        }
        if (!now.isAfter(RavenStack.END)) {
            advance(ledger, RavenStack.END);
        }
        show(progress, RavenStack.END);
        return tally;
    }

    /** What became of the requests of this run: how many there were, and how usage was answered. */
    static final class Tally {

        private int commands;
        private final Map<String, Integer> usage = new TreeMap<>();

        int commands() {
            return commands;
        }

        Map<String, Integer> usage() {
            return usage;
        }

        private void add(List<Request> requests, List<LedgerClient.Answer> answers) {
            commands += requests.size();
            for (int i = 0; i < requests.size(); i++) {
                if (requests.get(i).asks()) {
                    usage.merge(verdict(answers.get(i)), 1, Integer::sum);
                }
            }
        }

        /** Granted, granted though a soft limit is passed, or the code of the refusal. */
        private static String verdict(LedgerClient.Answer answer) {
            if (!answer.isSuccess()) {
                return answer.body().path("code").asString(String.valueOf(answer.status()));
            }
            return answer.body().path("exceeded").asBoolean() ? "flagged" : "granted";
        }
    }

    private static void advance(LedgerClient ledger, Instant to) {
        ledger.send(Request.post(CLOCK + "/advance", null, Map.of("to", to)));
    }

    /** Where the clock of a replay stands, ours from before or one that begins now; never that of a ledger in use. */
    private static Instant clockFor(RavenStack company, LedgerClient ledger) {
        JsonNode clock = ledger.send(Request.get(CLOCK));
        boolean simulated = clock.path("simulated").asBoolean();
        if (!simulated) {
            LedgerClient.Answer answer = ledger.ask(Request.put(CLOCK, Map.of("now", RavenStack.BEGIN)));
            if (!answer.isSuccess()) {
                throw new CannotGoOn("this ledger lives in real time and is not empty: a replay needs an empty one ("
                        + answer.body().path("detail").asString("") + ")");
            }
        }
        Instant now = simulated ? Instant.parse(clock.path("now").asString()) : RavenStack.BEGIN;
        if (now.equals(RavenStack.BEGIN)) {
            company.catalogue().forEach(ledger::send);
        }
        // Moves nothing, but finishes what an interrupted advance left, and answers a position that the next query
        // waits for.
        advance(ledger, now);
        requireReplay(ledger);
        return now;
    }

    private static void requireReplay(LedgerClient ledger) {
        String product = ledger.ask(Request.get("/v1/plans/basic"))
                .body()
                .path("product")
                .asString("");
        if (!product.equals(RavenStack.PRODUCT)) {
            throw new CannotGoOn("this ledger's clock is simulated, but not by a replay of RavenStack");
        }
    }

    private static void show(ProgressBar progress, Instant now) {
        double days = Duration.between(RavenStack.BEGIN, RavenStack.END).toDays();
        progress.show(Duration.between(RavenStack.BEGIN, now).toDays() / days, "%.10s".formatted(now));
    }
}
