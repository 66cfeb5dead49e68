package ledger.command;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import ledger.api.CustomerId;
import ledger.api.LedgerEvent;
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
import ledger.api.SubscriptionId;
import ledger.command.domain.Claims;
import ledger.command.domain.Decide;
import ledger.command.domain.Due;
import ledger.command.domain.Evolve;
import ledger.command.domain.SubscriptionState;
import ledger.command.domain.SubscriptionState.Known;
import ledger.command.domain.SubscriptionState.Unborn;
import ledger.command.store.Memory;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.AggregateRoot;
import org.axonframework.modelling.command.CreationPolicy;
import org.jspecify.annotations.Nullable;

/** A subscription as Axon's aggregate: routes commands and deadlines to the decisions, and arms what is due next. */
@AggregateRoot(type = "subscription")
final class Subscription implements Memory {

    /** The one deadline that a subscription has at a time; its payload says what for. */
    static final String DEADLINE = "due";

    @AggregateIdentifier
    private @Nullable String id;

    private SubscriptionState state = new Unborn();
    private Instant latest = Instant.MIN;
    private long version = -1;

    Subscription() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.ALWAYS)
    Decided on(Subscribe c, MetaData m, World w, DeadlineManager d) {
        return decide(c, m, w, d);
    }

    @CommandHandler
    Decided on(Cancel c, MetaData m, World w, DeadlineManager d) {
        return decide(c, m, w, d);
    }

    @CommandHandler
    Decided on(Reinstate c, MetaData m, World w, DeadlineManager d) {
        return decide(c, m, w, d);
    }

    @CommandHandler
    Decided on(Renew c, MetaData m, World w, DeadlineManager d) {
        return decide(c, m, w, d);
    }

    @CommandHandler
    Decided on(Expire c, MetaData m, World w, DeadlineManager d) {
        return decide(c, m, w, d);
    }

    @CommandHandler
    Decided on(SetAutoRenew c, MetaData m, World w, DeadlineManager d) {
        return decide(c, m, w, d);
    }

    @CommandHandler
    Decided on(ChangePlan c, MetaData m, World w, DeadlineManager d) {
        return decide(c, m, w, d);
    }

    @CommandHandler
    Decided on(WithdrawPlanChange c, MetaData m, World w, DeadlineManager d) {
        return decide(c, m, w, d);
    }

    @CommandHandler
    Decided on(ChangeQuantity c, MetaData m, World w, DeadlineManager d) {
        return decide(c, m, w, d);
    }

    @CommandHandler
    Decided on(Pause c, MetaData m, World w, DeadlineManager d) {
        return decide(c, m, w, d);
    }

    @CommandHandler
    Decided on(Resume c, MetaData m, World w, DeadlineManager d) {
        return decide(c, m, w, d);
    }

    @CommandHandler
    Decided on(Correct c, MetaData m, World w, DeadlineManager d) {
        return decide(c, m, w, d);
    }

    /** A deadline that was moved or has been met finds nothing due, and does nothing. */
    @DeadlineHandler(deadlineName = DEADLINE)
    void on(Due.What what, @Timestamp Instant at, MetaData m, World w, DeadlineManager d) {
        Optional<Due> armed = Due.next(state);
        record(Decide.overdue(state, at), Stamp.byTime(m), w);
        record(Decide.decide(state, new Elapse(subscription()), at), Stamp.byTime(m), w);
        arm(armed, d);
        w.keep(this);
    }

    @EventSourcingHandler
    void on(SubscriptionEvent event) {
        id = event.subscription().toString();
        state = Evolve.evolve(state, event);
        latest = event.at();
        version++;
    }

    /** The subscription as it was after the given events, its first ones. */
    static Subscription after(List<? extends LedgerEvent> events) {
        Subscription replayed = new Subscription();
        events.forEach(event -> replayed.on((SubscriptionEvent) event));
        return replayed;
    }

    /** What it would answer now to a command that changes nothing. */
    Decided decided() {
        return new Decided(subscription().value(), SubscriptionViews.of((Known) state, version), version);
    }

    @Override
    public Subscription copy() {
        Subscription copy = new Subscription();
        copy.id = id;
        copy.state = state;
        copy.latest = latest;
        copy.version = version;
        return copy;
    }

    @Override
    public CustomerId owner() {
        return ((Known) state).contract().holder().customer();
    }

    private Decided decide(SubscriptionCommand command, MetaData stamp, World world, DeadlineManager deadlines) {
        Stamp.requireVersion(stamp, version);
        Optional<Due> armed = Due.next(state);
        Instant now = later(world.now(Stamp.tenant(stamp)), latest);
        record(Decide.overdue(state, now), Stamp.byTime(stamp), world);
        record(Decide.decide(state, command, now), Stamp.by(stamp, command), world);
        // What starts in the past has boundaries behind it at once.
        record(Decide.overdue(state, now), Stamp.byTime(stamp), world);
        arm(armed, deadlines);
        world.keep(this);
        return decided();
    }

    private void record(List<SubscriptionEvent> events, MetaData stamp, World world) {
        for (SubscriptionEvent event : events) {
            world.claim(Claims.of(state, event));
            AggregateLifecycle.apply(event, stamp);
        }
    }

    private void arm(Optional<Due> armed, DeadlineManager deadlines) {
        Optional<Due> due = Due.next(state);
        if (!due.equals(armed)) {
            deadlines.cancelAllWithinScope(DEADLINE);
            due.ifPresent(next -> deadlines.schedule(next.at(), DEADLINE, next.what()));
        }
    }

    private SubscriptionId subscription() {
        return ((Known) state).contract().id();
    }

    /** Time within a stream never goes back, however the clocks of the nodes differ. */
    private static Instant later(Instant now, Instant latest) {
        return now.isBefore(latest) ? latest : now;
    }
}
