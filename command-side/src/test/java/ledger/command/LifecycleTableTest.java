package ledger.command;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import ledger.api.CustomerId;
import ledger.api.EventTypes;
import ledger.api.Money;
import ledger.api.Offer;
import ledger.api.PlanRef;
import ledger.api.PlanSlug;
import ledger.api.Price;
import ledger.api.ProductSlug;
import ledger.api.Rejected;
import ledger.api.SubscriptionCommand;
import ledger.api.SubscriptionCommand.Cancel;
import ledger.api.SubscriptionCommand.ChangePlan;
import ledger.api.SubscriptionCommand.ChangeQuantity;
import ledger.api.SubscriptionCommand.Correct;
import ledger.api.SubscriptionCommand.Elapse;
import ledger.api.SubscriptionCommand.Expire;
import ledger.api.SubscriptionCommand.Pause;
import ledger.api.SubscriptionCommand.Reinstate;
import ledger.api.SubscriptionCommand.Renew;
import ledger.api.SubscriptionCommand.Resume;
import ledger.api.SubscriptionCommand.SetAutoRenew;
import ledger.api.SubscriptionCommand.Subscribe;
import ledger.api.SubscriptionCommand.WithdrawPlanChange;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.Stated;
import ledger.api.SubscriptionId;
import ledger.api.Term;
import ledger.api.When;
import ledger.command.domain.Decide;
import ledger.command.domain.Due;
import ledger.command.domain.Evolve;
import ledger.command.domain.SubscriptionState;
import ledger.command.domain.SubscriptionState.Unborn;
import org.junit.jupiter.api.Test;

/** The README's lifecycle table is what the code decides, cell by cell. */
class LifecycleTableTest {

    private static final SubscriptionId ID =
            new SubscriptionId(UUID.fromString("0198c2a4-0000-7000-8000-000000000001"));
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final Instant SOON = START.plusSeconds(3600);
    private static final Offer PRO = offer("pro", 2800);
    private static final Offer TEAM = offer("team", 5600);

    @Test
    void theReadmeShowsTheTableAsItIsDecided() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        assertThat(readme).contains(table());
    }

    private static String table() {
        Map<String, SubscriptionState> states = new LinkedHashMap<>();
        states.put("TRIALING", after(subscribe(14)));
        states.put("ACTIVE", after(subscribe(0)));
        states.put("PAUSED", after(subscribe(0), new Pause(ID, null)));
        states.put("CANCELED", after(subscribe(0), new Cancel(ID, When.NOW, null)));
        states.put("EXPIRED", expired());

        StringBuilder table = new StringBuilder(
                "| command | " + String.join(" | ", states.keySet()) + " |\n|---|---|---|---|---|---|\n");
        commands()
                .forEach((name, commands) -> table.append("| ")
                        .append(name)
                        .append(" | ")
                        .append(states.values().stream()
                                .map(state -> cell(state, commands))
                                .collect(joining(" | ")))
                        .append(" |\n"));
        return table.toString();
    }

    /** Each row: commands that lead there, of which the last is the row's own. */
    private static Map<String, List<SubscriptionCommand>> commands() {
        Map<String, List<SubscriptionCommand>> rows = new LinkedHashMap<>();
        rows.put("subscribe", List.of(subscribe(0)));
        rows.put("cancel now", List.of(new Cancel(ID, When.NOW, null)));
        rows.put("cancel at period end", List.of(new Cancel(ID, When.PERIOD_END, null)));
        rows.put("… again", List.of(new Cancel(ID, When.PERIOD_END, null), new Cancel(ID, When.PERIOD_END, null)));
        rows.put("reinstate", List.of(new Cancel(ID, When.PERIOD_END, null), new Reinstate(ID)));
        rows.put("turn auto-renew off", List.of(new SetAutoRenew(ID, false)));
        rows.put("renew, auto-renew on", List.of(new Renew(ID, 1)));
        rows.put("renew, auto-renew off", List.of(new SetAutoRenew(ID, false), new Renew(ID, 1)));
        rows.put("expire", List.of(new Expire(ID)));
        rows.put("change plan now", List.of(new ChangePlan(ID, TEAM, When.NOW)));
        rows.put("change plan at period end", List.of(new ChangePlan(ID, TEAM, When.PERIOD_END)));
        rows.put(
                "withdraw plan change", List.of(new ChangePlan(ID, TEAM, When.PERIOD_END), new WithdrawPlanChange(ID)));
        rows.put("change quantity", List.of(new ChangeQuantity(ID, 5)));
        rows.put("pause", List.of(new Pause(ID, null)));
        rows.put("resume", List.of(new Resume(ID)));
        rows.put("correct an event", List.of(correct()));
        rows.put("*boundary*, auto-renew on", List.of(new Elapse(ID)));
        rows.put("*boundary*, auto-renew off", List.of(new SetAutoRenew(ID, false), new Elapse(ID)));
        rows.put("*boundary*, bought ahead", List.of(new SetAutoRenew(ID, false), new Renew(ID, 1), new Elapse(ID)));
        rows.put("*boundary*, cancellation scheduled", List.of(new Cancel(ID, When.PERIOD_END, null), new Elapse(ID)));
        return rows;
    }

    private static String cell(SubscriptionState state, List<SubscriptionCommand> commands) {
        try {
            SubscriptionState prepared = state;
            for (SubscriptionCommand preparation : commands.subList(0, commands.size() - 1)) {
                prepared = possible(prepared, preparation);
            }
            SubscriptionCommand command = commands.getLast();
            Instant now =
                    command instanceof Elapse ? Due.next(prepared).map(Due::at).orElse(SOON) : SOON;
            List<SubscriptionEvent> events = Decide.decide(prepared, command, now);
            return events.isEmpty()
                    ? "–"
                    : events.stream()
                            .map(event ->
                                    EventTypes.of(event.getClass()).value().substring("subscription.".length()))
                            .collect(joining(", "));
        } catch (Rejected rejected) {
            return "`" + rejected.problem().code() + "`";
        }
    }

    /** Where a state refuses what a row presumes, the row's own command shows what it says. */
    private static SubscriptionState possible(SubscriptionState state, SubscriptionCommand command) {
        try {
            return Evolve.evolve(state, Decide.decide(state, command, SOON));
        } catch (Rejected refused) {
            return state;
        }
    }

    private static SubscriptionState expired() {
        SubscriptionState off = after(subscribe(0), new SetAutoRenew(ID, false));
        Instant end = Due.next(off).orElseThrow().at();
        return Evolve.evolve(off, Decide.decide(off, new Elapse(ID), end));
    }

    private static SubscriptionState after(SubscriptionCommand... commands) {
        SubscriptionState state = new Unborn();
        for (SubscriptionCommand command : commands) {
            state = Evolve.evolve(state, Decide.decide(state, command, START));
        }
        return state;
    }

    private static Correct correct() {
        Stated start = new Stated(0, "subscription.subscribed", START, Money.of(2800, "USD"), null);
        return new Correct(ID, start, "too little", null, Money.of(800, "USD"), null);
    }

    private static Subscribe subscribe(int trialDays) {
        return new Subscribe(ID, new CustomerId("c"), null, PRO, 1, true, ZoneId.of("UTC"), null, trialDays, null, 1);
    }

    private static Offer offer(String plan, long cents) {
        return new Offer(
                new PlanRef(new PlanSlug(plan), 1, new ProductSlug("app")),
                new Price(Term.MONTHLY, Money.of(cents, "USD"), Price.Per.UNIT));
    }
}
