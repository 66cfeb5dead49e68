package ledger.benchmarks.rival;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** A subscription as Axon's guides have it. Its events are about as long as the ledger's; it validates and claims nothing. */
public final class Agreement {

    public record Term(int every, String unit) {}

    public record Amount(long amount, String currency) {}

    public record Price(Term term, Amount amount, String per) {}

    public record Plan(String slug, int version, String product) {}

    public record Period(int number, Instant start, Instant end, String tzdb) {}

    public record Subscribe(
            @TargetAggregateIdentifier UUID subscription,
            String customer,
            String plan,
            Term term,
            int quantity,
            String zone) {}

    public record ChangeQuantity(@TargetAggregateIdentifier UUID subscription, int quantity) {}

    public record Cancel(@TargetAggregateIdentifier UUID subscription, String reason) {}

    public record Subscribed(
            UUID subscription,
            Instant at,
            String customer,
            Plan plan,
            Price price,
            int quantity,
            boolean autoRenew,
            String zone,
            Period period,
            Amount charge) {}

    public record QuantityChanged(UUID subscription, Instant at, int quantity, Price price, Amount charge) {}

    public record Renewed(UUID subscription, Instant at, Period period, Amount charge) {}

    public record Canceled(UUID subscription, Instant at, String reason, Amount credit) {}

    static final String RENEWAL = "renewal";

    private static final long CENTS = 1900;

    @AggregateIdentifier
    @SuppressWarnings("UnusedVariable") // Axon reads it
    private @Nullable UUID id;

    private int period;
    private boolean ended;

    Agreement() {}

    @CommandHandler
    Agreement(Subscribe command) {
        Instant now = Instant.now();
        apply(new Subscribed(
                command.subscription(),
                now,
                command.customer(),
                new Plan(command.plan(), 1, "app"),
                new Price(command.term(), new Amount(CENTS, "USD"), "UNIT"),
                command.quantity(),
                true,
                command.zone(),
                new Period(1, now, now.plusSeconds(2_592_000), "2026a"),
                new Amount(CENTS * command.quantity(), "USD")));
    }

    @CommandHandler
    void handle(ChangeQuantity command) {
        apply(new QuantityChanged(
                command.subscription(),
                Instant.now(),
                command.quantity(),
                new Price(new Term(1, "MONTH"), new Amount(CENTS, "USD"), "UNIT"),
                new Amount(CENTS * command.quantity(), "USD")));
    }

    @CommandHandler
    void handle(Cancel command) {
        if (!ended) {
            apply(new Canceled(command.subscription(), Instant.now(), command.reason(), new Amount(0, "USD")));
        }
    }

    @DeadlineHandler(deadlineName = RENEWAL)
    void renew() {
        Instant now = Instant.now();
        Period next = new Period(period + 1, now, now.plusSeconds(2_592_000), "2026a");
        apply(new Renewed(Objects.requireNonNull(id), now, next, new Amount(CENTS, "USD")));
    }

    @EventSourcingHandler
    void on(Subscribed event) {
        id = event.subscription();
        period = event.period().number();
    }

    @EventSourcingHandler
    void on(Renewed event) {
        period = event.period().number();
    }

    @EventSourcingHandler
    void on(Canceled event) {
        ended = true;
    }
}
