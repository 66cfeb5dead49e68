package ledger.command;

import static ledger.api.SubscriptionStatus.ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import ledger.api.CustomerId;
import ledger.api.Money;
import ledger.api.Offer;
import ledger.api.PlanRef;
import ledger.api.PlanSlug;
import ledger.api.Price;
import ledger.api.Problem;
import ledger.api.ProductSlug;
import ledger.api.Rejected;
import ledger.api.SubscriptionCommand.Cancel;
import ledger.api.SubscriptionCommand.Pause;
import ledger.api.SubscriptionCommand.Resume;
import ledger.api.SubscriptionCommand.SetAutoRenew;
import ledger.api.SubscriptionCommand.Subscribe;
import ledger.api.SubscriptionEvent.Canceled;
import ledger.api.SubscriptionEvent.CancellationScheduled;
import ledger.api.SubscriptionEvent.Expired;
import ledger.api.SubscriptionEvent.Renewed;
import ledger.api.SubscriptionEvent.Subscribed;
import ledger.api.SubscriptionId;
import ledger.api.SubscriptionStatus;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.api.Term;
import ledger.api.When;
import ledger.command.domain.Claims;
import ledger.command.domain.Due;
import ledger.command.store.Memory;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.matchers.Matchers;
import org.hamcrest.Matcher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the aggregate carries decisions out: what it stores, which deadline it arms, and what it answers. */
class SubscriptionTest {

    private static final SubscriptionId ID =
            new SubscriptionId(UUID.fromString("0198c2a4-0000-7000-8000-000000000001"));
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final Instant FEBRUARY = Instant.parse("2026-02-28T12:00:00Z");
    private static final Instant MARCH = Instant.parse("2026-03-31T12:00:00Z");
    private static final MetaData STAMP = MetaData.with("tenant", "default").and("actor", "ada");
    private static final Subscribe SUBSCRIBE = new Subscribe(
            ID,
            new CustomerId("c1"),
            null,
            new Offer(
                    new PlanRef(new PlanSlug("pro"), 1, new ProductSlug("app")),
                    new Price(Term.MONTHLY, Money.of(2800, "USD"), Price.Per.UNIT)),
            1,
            true,
            ZoneId.of("UTC"),
            null,
            0,
            null,
            1);

    private AggregateTestFixture<Subscription> fixture;
    private final List<Claims> claims = new ArrayList<>();
    private @Nullable Memory remembered;

    @BeforeEach
    void aSubscription() {
        fixture = new AggregateTestFixture<>(Subscription.class);
        fixture.registerCommandTargetResolver(Aggregates::target);
        fixture.registerInjectableResource(new World() {
            @Override
            public Instant now(TenantId tenant) {
                return fixture.currentTime();
            }

            @Override
            public void keep(Memory aggregate) {
                remembered = aggregate;
            }

            @Override
            public void claim(List<Claims> changes) {
                claims.addAll(changes);
            }
        });
        fixture.givenCurrentTime(START);
    }

    @Test
    void subscribingStartsThePeriodTakesTheClaimAndArmsTheRenewal() {
        fixture.givenNoPriorActivity()
                .andGivenCurrentTime(START)
                .when(SUBSCRIBE, STAMP)
                .expectSuccessfulHandlerExecution()
                .expectEventsMatching(
                        Matchers.payloadsMatching(Matchers.exactSequenceOf(that(Subscribed.class, _ -> true))))
                .expectScheduledDeadline(FEBRUARY, Due.What.RENEWAL)
                .expectResultMessagePayloadMatching(
                        Matchers.matches(answer -> view(answer).status() == ACTIVE));
        assertThat(claims).containsExactly(new Claims.Take(Claims.LIVE, "app/c1", 1));
    }

    @Test
    void anEventSaysWhoCausedItAndByWhichCommand() {
        fixture.givenNoPriorActivity()
                .andGivenCurrentTime(START)
                .when(SUBSCRIBE, STAMP)
                .expectEventsMatching(Matchers.exactSequenceOf(that(
                        EventMessage.class,
                        event -> "ada".equals(event.getMetaData().get("actor"))
                                && "command:Subscribe"
                                        .equals(event.getMetaData().get("cause")))));
    }

    @Test
    void timeAloneRenewsAtTheBoundaryAndArmsTheNextOne() {
        fixture.givenCommands(message(SUBSCRIBE))
                .whenTimeAdvancesTo(FEBRUARY)
                .expectEventsMatching(Matchers.payloadsMatching(Matchers.exactSequenceOf(
                        Matchers.matches((Renewed renewed) -> renewed.at().equals(FEBRUARY)
                                && renewed.period().end().equals(MARCH)))))
                .expectScheduledDeadline(MARCH, Due.What.RENEWAL);
    }

    @Test
    void withAutoRenewOffTimeAloneExpiresItAndGivesTheClaimBack() {
        fixture.givenCommands(message(SUBSCRIBE), message(new SetAutoRenew(ID, false)))
                .whenTimeAdvancesTo(FEBRUARY)
                .expectEventsMatching(Matchers.payloadsMatching(Matchers.exactSequenceOf(
                        that(Expired.class, expired -> expired.at().equals(FEBRUARY)))))
                .expectNoScheduledDeadlines();
        assertThat(claims).last().isInstanceOf(Claims.Release.class);
    }

    @Test
    void whatIsRememberedOfItIsWhatItsEventsSay() {
        fixture.givenCommands(message(SUBSCRIBE), message(new SetAutoRenew(ID, false)))
                .whenTimeAdvancesTo(FEBRUARY)
                .expectSuccessfulHandlerExecution();

        Subscription copy = ((Subscription) Objects.requireNonNull(remembered)).copy();

        assertThat(copy.owner()).isEqualTo(SUBSCRIBE.customer());
        assertThat(copy.decided().version()).isEqualTo(2);
        assertThat(((SubscriptionView) copy.decided().view()).status()).isEqualTo(SubscriptionStatus.EXPIRED);
    }

    @Test
    void aScheduledCancellationMovesTheDeadlineFromRenewalToTheEnd() {
        fixture.givenCommands(message(SUBSCRIBE))
                .when(new Cancel(ID, When.PERIOD_END, "too dear"), STAMP)
                .expectEvents(new CancellationScheduled(ID, START, FEBRUARY, "too dear"))
                .expectScheduledDeadline(FEBRUARY, Due.What.CANCELLATION);
    }

    @Test
    void aRepeatedCancellationAppendsNothingAndSucceeds() {
        fixture.givenCommands(message(SUBSCRIBE), message(new Cancel(ID, When.NOW, null)))
                .when(new Cancel(ID, When.NOW, null), STAMP)
                .expectSuccessfulHandlerExecution()
                .expectNoEvents()
                .expectNoScheduledDeadlines();
    }

    @Test
    void aPausedSubscriptionHasNoDeadlineUntilItIsResumed() {
        fixture.givenCommands(message(SUBSCRIBE))
                .when(new Pause(ID, null), STAMP)
                .expectNoScheduledDeadlines();
        aSubscription();
        fixture.givenCommands(message(SUBSCRIBE), message(new Pause(ID, null)))
                .andGivenCurrentTime(START.plus(Duration.ofDays(10)))
                .when(new Resume(ID), STAMP)
                .expectScheduledDeadline(FEBRUARY.plus(Duration.ofDays(10)), Due.What.RENEWAL);
    }

    @Test
    void whatTimeDidBeforeACommandIsWrittenDownWithItAsDoneByTime() {
        fixture.givenCommands(message(SUBSCRIBE));
        Subscribed subscribed = (Subscribed)
                fixture.getEventStore().readEvents(ID.toString()).next().getPayload();
        aSubscription();
        fixture.given(subscribed)
                .andGivenCurrentTime(MARCH.plusSeconds(1))
                .when(new Cancel(ID, When.NOW, null), STAMP)
                .expectEventsMatching(Matchers.payloadsMatching(Matchers.exactSequenceOf(
                        that(Renewed.class, first -> first.at().equals(FEBRUARY)),
                        that(Renewed.class, second -> second.at().equals(MARCH)),
                        that(Canceled.class, end -> end.at().equals(MARCH.plusSeconds(1))))))
                .expectEventsMatching(Matchers.sequenceOf(
                        that(
                                EventMessage.class,
                                byTime -> "time".equals(byTime.getMetaData().get("actor"))),
                        that(
                                EventMessage.class,
                                byTime -> "deadline".equals(byTime.getMetaData().get("cause"))),
                        that(
                                EventMessage.class,
                                byAda -> "ada".equals(byAda.getMetaData().get("actor")))));
    }

    @Test
    void aCommandThatExpectsAnotherVersionIsRefused() {
        fixture.givenCommands(message(SUBSCRIBE))
                .when(new SetAutoRenew(ID, false), STAMP.and("expectedVersions", "3"))
                .expectException(Matchers.matches((Rejected e) -> e.problem() == Problem.VERSION_MISMATCH))
                .expectNoEvents();
    }

    private static <T> Matcher<Object> that(Class<T> type, Predicate<T> holds) {
        return Matchers.matches(it -> type.isInstance(it) && holds.test(type.cast(it)));
    }

    private static SubscriptionView view(Object answer) {
        return (SubscriptionView) ((Decided) answer).view();
    }

    private static Object message(Object command) {
        return new GenericCommandMessage<>(command, STAMP);
    }
}
