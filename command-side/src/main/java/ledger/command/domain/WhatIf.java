package ledger.command.domain;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import ledger.api.Offer;
import ledger.api.Rejected;
import ledger.api.SubscriptionCommand;
import ledger.api.SubscriptionCommand.ChangePlan;
import ledger.api.SubscriptionCommand.Correct;
import ledger.api.SubscriptionCommand.Elapse;
import ledger.api.SubscriptionCommand.Subscribe;
import ledger.api.SubscriptionCommand.WithdrawPlanChange;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionId;
import ledger.api.When;
import ledger.command.domain.SubscriptionState.Live;
import ledger.command.domain.SubscriptionState.Unborn;
import org.jspecify.annotations.Nullable;

/**
 * What a history would have been: everything that people said is said again at its time to a subscription on another offer or in another
 * zone, by the decisions that are made for real, and time does what it does. Nothing is stored.
 */
public final class WhatIf {

    /** Instead of what it was: {@code offer} from {@code from} on (null: from the start), {@code zone} from the start. */
    public record Assumption(
            @Nullable Offer offer,
            @Nullable ZoneId zone,
            @Nullable Instant from) {

        static final Assumption NONE = new Assumption(null, null, null);
    }

    /** What was said, and when. */
    record Said(Instant at, SubscriptionCommand command) {}

    /** Something that was said and granted then, and would not have been. */
    public record Refused(Instant at, SubscriptionCommand command, Rejected refusal) {}

    public record Outcome(List<SubscriptionEvent> events, List<Refused> refused, SubscriptionState state) {}

    private final List<SubscriptionEvent> events = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();
    private SubscriptionState state = new Unborn();

    private WhatIf() {}

    /** What was, with all that time has done by now and nobody has written down yet. */
    public static Outcome actual(List<SubscriptionEvent> history, Instant now) {
        WhatIf world = new WhatIf();
        world.take(history);
        world.decide(now, new Elapse(history.getFirst().subscription()));
        return new Outcome(world.events, List.of(), world.state);
    }

    /**
     * @param history all events of a subscription
     * @throws Rejected where it could not have started like that, or not have been changed to that offer
     */
    public static Outcome replay(List<SubscriptionEvent> history, Assumption assumed, Instant now) {
        WhatIf world = new WhatIf();
        SubscriptionId id = history.getFirst().subscription();
        Instant from = assumed.from == null ? Instant.MIN : assumed.from;
        ChangePlan change =
                assumed.offer == null || !from.isAfter(history.getFirst().at())
                        ? null
                        : new ChangePlan(id, assumed.offer, When.NOW);
        for (Said said : Hearing.of(history)) {
            if (change != null && !said.at.isBefore(from)) {
                world.change(change, from);
                change = null;
            }
            world.say(said.at, under(assumed, said));
        }
        if (change != null) {
            world.change(change, from);
        }
        world.decide(now, new Elapse(id));
        return new Outcome(world.events, world.refused, world.state);
    }

    private void say(Instant at, @Nullable SubscriptionCommand command) {
        if (command == null) {
            return;
        }
        take(Decide.overdue(state, at));
        try {
            if (command instanceof Elapse) {
                elapse(at);
            } else {
                decide(at, command);
            }
        } catch (Rejected refusal) {
            if (command instanceof Subscribe) {
                throw refusal;
            }
            refused.add(new Refused(at, command, refusal));
        }
    }

    /** One step: at one instant, what people say may come between two of them. */
    private void elapse(Instant at) {
        Due.next(state).filter(due -> due.by(at)).ifPresent(due -> take(Boundary.reach((Live) state, due)));
    }

    private void change(ChangePlan change, Instant at) {
        take(Decide.overdue(state, at));
        decide(at, change);
    }

    private void decide(Instant at, SubscriptionCommand command) {
        take(Decide.decide(state, command, at));
    }

    private void take(List<SubscriptionEvent> more) {
        events.addAll(more);
        state = Evolve.evolve(state, more);
    }

    /** Changes of plan are not said where the plan is what is assumed; nor are corrections, which are of what was. */
    private static @Nullable SubscriptionCommand under(Assumption assumed, Said said) {
        boolean replaced = assumed.offer != null && (assumed.from == null || !said.at.isBefore(assumed.from));
        return switch (said.command) {
            case Subscribe c -> start(c, replaced ? assumed.offer : null, assumed.zone);
            case ChangePlan c -> replaced ? null : c;
            case WithdrawPlanChange c -> replaced ? null : c;
            case Correct _ -> null;
            case SubscriptionCommand c -> c;
        };
    }

    private static Subscribe start(Subscribe c, @Nullable Offer offer, @Nullable ZoneId zone) {
        return new Subscribe(
                c.subscription(),
                c.customer(),
                c.reference(),
                offer == null ? c.offer() : offer,
                c.quantity(),
                c.autoRenew(),
                zone == null ? c.zone() : zone,
                c.anchorDay(),
                c.trialDays(),
                null,
                c.maxLive());
    }
}
