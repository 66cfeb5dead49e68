package ledger.query.subscription;

import static ledger.query.Facts.ANCHOR;
import static ledger.query.Facts.FIRST;
import static ledger.query.Facts.MONTHLY;
import static ledger.query.Facts.PRO;
import static ledger.query.Facts.SECOND;
import static ledger.query.Facts.START;
import static ledger.query.Facts.THIRD;
import static ledger.query.Facts.canceled;
import static ledger.query.Facts.id;
import static ledger.query.Facts.renewed;
import static ledger.query.Facts.subscribed;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import ledger.api.Anchor;
import ledger.api.BillingPeriod;
import ledger.api.Money;
import ledger.api.Paid;
import ledger.api.PlanRef;
import ledger.api.PlanSlug;
import ledger.api.Price;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.Activated;
import ledger.api.SubscriptionEvent.AutoRenewSet;
import ledger.api.SubscriptionEvent.CancellationScheduled;
import ledger.api.SubscriptionEvent.Expired;
import ledger.api.SubscriptionEvent.Paused;
import ledger.api.SubscriptionEvent.PeriodStarted;
import ledger.api.SubscriptionEvent.PlanChangeScheduled;
import ledger.api.SubscriptionEvent.PlanChangeWithdrawn;
import ledger.api.SubscriptionEvent.PlanChanged;
import ledger.api.SubscriptionEvent.QuantityChanged;
import ledger.api.SubscriptionEvent.Reinstated;
import ledger.api.SubscriptionEvent.Resumed;
import ledger.api.SubscriptionId;
import ledger.api.SubscriptionStatus;
import ledger.api.SubscriptionView;
import ledger.api.SubscriptionView.PlanChangeView;
import ledger.api.Term;
import ledger.query.StoredJson;
import org.junit.jupiter.api.Test;

class SubscriptionFoldTest {

    private static final SubscriptionId ID = id(1);
    private static final Instant LATER = START.plus(Duration.ofDays(10));
    private static final BillingPeriod TRIAL = ANCHOR.trial(START, 14);
    private static final Money NOTHING = Money.of(0, "USD");
    private static final PlanRef MAX = new PlanRef(new PlanSlug("max"), 3, PRO.product());
    private static final Price YEARLY = new Price(Term.YEARLY, Money.of(19000, "USD"), Price.Per.FLAT);

    @Test
    void one_that_renews_says_when() {
        SubscriptionView view = after(subscribed(ID, true));
        assertThat(view.status()).isEqualTo(SubscriptionStatus.ACTIVE);
        assertThat(view.startedAt()).isEqualTo(START);
        assertThat(view.currentPeriod()).isEqualTo(FIRST);
        assertThat(view.renewsAt()).isEqualTo(FIRST.end());
        assertThat(view.endsAt()).isNull();
        assertThat(view.version()).isZero();
    }

    @Test
    void one_that_does_not_renew_says_when_it_ends() {
        SubscriptionView view = after(subscribed(ID, false));
        assertThat(view.renewsAt()).isNull();
        assertThat(view.endsAt()).isEqualTo(FIRST.end());
        assertThat(after(subscribed(ID, false), new AutoRenewSet(ID, LATER, true))
                        .renewsAt())
                .isEqualTo(FIRST.end());
    }

    @Test
    void a_trial_becomes_active() {
        assertThat(after(subscribed(ID, "c", TRIAL, true)).status()).isEqualTo(SubscriptionStatus.TRIALING);
        BillingPeriod first = ANCHOR.period(1, TRIAL.end());
        SubscriptionView view = after(
                subscribed(ID, "c", TRIAL, true),
                new Activated(ID, TRIAL.end(), PRO, MONTHLY, 2, ANCHOR, first, MONTHLY.forQuantity(2)));
        assertThat(view.status()).isEqualTo(SubscriptionStatus.ACTIVE);
        assertThat(view.currentPeriod()).isEqualTo(first);
        assertThat(view.version()).isEqualTo(1);
    }

    @Test
    void a_renewal_at_the_boundary_is_the_current_period() {
        SubscriptionView view = after(subscribed(ID, true), renewed(ID, FIRST.end(), SECOND));
        assertThat(view.currentPeriod()).isEqualTo(SECOND);
        assertThat(view.nextPeriod()).isNull();
        assertThat(view.renewsAt()).isEqualTo(SECOND.end());
    }

    @Test
    void a_renewal_in_advance_is_the_next_period_until_that_starts() {
        SubscriptionView ahead = after(subscribed(ID, false), renewed(ID, LATER, SECOND));
        assertThat(ahead.currentPeriod()).isEqualTo(FIRST);
        assertThat(ahead.nextPeriod()).isEqualTo(SECOND);
        assertThat(ahead.endsAt()).isEqualTo(SECOND.end());
        SubscriptionView started =
                after(subscribed(ID, false), renewed(ID, LATER, SECOND), new PeriodStarted(ID, FIRST.end(), SECOND));
        assertThat(started.currentPeriod()).isEqualTo(SECOND);
        assertThat(started.nextPeriod()).isNull();
    }

    @Test
    void a_trial_that_bought_ahead_is_active_when_that_period_starts() {
        BillingPeriod first = ANCHOR.period(1, TRIAL.end());
        SubscriptionView view = after(
                subscribed(ID, "c", TRIAL, false),
                renewed(ID, START, first),
                new PeriodStarted(ID, TRIAL.end(), first));
        assertThat(view.status()).isEqualTo(SubscriptionStatus.ACTIVE);
    }

    @Test
    void an_expired_one_is_revived_from_now_on() {
        Instant now = FIRST.end().plus(Duration.ofDays(5));
        Anchor anchor = Anchor.at(now, ANCHOR.zone(), Term.MONTHLY);
        BillingPeriod period = anchor.period(2, now);
        SubscriptionView view = after(
                subscribed(ID, false),
                new Expired(ID, FIRST.end(), FIRST),
                new SubscriptionEvent.Renewed(ID, now, PRO, MONTHLY, 2, anchor, period, MONTHLY.forQuantity(2), 1));
        assertThat(view.status()).isEqualTo(SubscriptionStatus.ACTIVE);
        assertThat(view.endedAt()).isNull();
        assertThat(view.anchor()).isEqualTo(anchor);
        assertThat(view.currentPeriod()).isEqualTo(period);
        assertThat(view.endsAt()).isEqualTo(period.end());
    }

    @Test
    void a_scheduled_cancellation_can_be_taken_back() {
        SubscriptionView scheduled =
                after(subscribed(ID, true), new CancellationScheduled(ID, LATER, FIRST.end(), "too dear"));
        assertThat(scheduled.cancelAtPeriodEnd()).isTrue();
        assertThat(scheduled.cancelReason()).isEqualTo("too dear");
        assertThat(scheduled.endsAt()).isEqualTo(FIRST.end());
        assertThat(scheduled.renewsAt()).isNull();
        SubscriptionView view = after(
                subscribed(ID, true),
                new CancellationScheduled(ID, LATER, FIRST.end(), "too dear"),
                new Reinstated(ID, LATER));
        assertThat(view.cancelAtPeriodEnd()).isFalse();
        assertThat(view.cancelReason()).isNull();
        assertThat(view.renewsAt()).isEqualTo(FIRST.end());
    }

    @Test
    void what_ended_keeps_nothing_that_was_to_come() {
        SubscriptionView view = after(
                subscribed(ID, true),
                renewed(ID, LATER, SECOND),
                new PlanChangeScheduled(ID, LATER, MAX, YEARLY, SECOND.end()),
                new CancellationScheduled(ID, LATER, SECOND.end(), "moving"),
                new Paused(ID, LATER, SECOND.end()),
                canceled(ID, LATER, "gone"));
        assertThat(view.status()).isEqualTo(SubscriptionStatus.CANCELED);
        assertThat(view.endedAt()).isEqualTo(LATER);
        assertThat(view.cancelReason()).isEqualTo("gone");
        assertThat(view.cancelAtPeriodEnd()).isFalse();
        assertThat(view.nextPeriod()).isNull();
        assertThat(view.scheduledChange()).isNull();
        assertThat(view.pausedAt()).isNull();
        assertThat(view.resumeAt()).isNull();
        assertThat(view.renewsAt()).isNull();
        assertThat(view.endsAt()).isNull();
        assertThat(view.autoRenew()).isTrue();
    }

    @Test
    void a_scheduled_plan_change_is_shown_until_it_is_withdrawn_or_done() {
        SubscriptionEvent scheduled = new PlanChangeScheduled(ID, LATER, MAX, YEARLY, FIRST.end());
        assertThat(after(subscribed(ID, true), scheduled).scheduledChange())
                .isEqualTo(new PlanChangeView(MAX.slug(), 3, YEARLY));
        assertThat(after(subscribed(ID, true), scheduled, new PlanChangeWithdrawn(ID, LATER))
                        .scheduledChange())
                .isNull();
        Anchor anchor = Anchor.at(FIRST.end(), ANCHOR.zone(), Term.YEARLY);
        BillingPeriod year = anchor.period(2, FIRST.end());
        SubscriptionView view = after(
                subscribed(ID, true),
                scheduled,
                new PlanChanged(
                        ID,
                        FIRST.end(),
                        MAX,
                        YEARLY,
                        2,
                        anchor,
                        Paid.whole(FIRST, MONTHLY.forQuantity(2)),
                        null,
                        NOTHING,
                        NOTHING),
                new SubscriptionEvent.Renewed(ID, FIRST.end(), MAX, YEARLY, 2, anchor, year, YEARLY.amount(), null));
        assertThat(view.plan()).isEqualTo(MAX.slug());
        assertThat(view.planVersion()).isEqualTo(3);
        assertThat(view.price()).isEqualTo(YEARLY);
        assertThat(view.anchor()).isEqualTo(anchor);
        assertThat(view.currentPeriod()).isEqualTo(year);
        assertThat(view.scheduledChange()).isNull();
    }

    @Test
    void a_quantity_changes_with_what_is_paid_for() {
        Paid current = new Paid(FIRST, LATER, Money.of(100, "USD"));
        Paid ahead = Paid.whole(SECOND, Money.of(200, "USD"));
        SubscriptionView view = after(
                subscribed(ID, true),
                new QuantityChanged(ID, LATER, PRO, MONTHLY, 7, ANCHOR, current, ahead, NOTHING, NOTHING));
        assertThat(view.quantity()).isEqualTo(7);
        assertThat(view.nextPeriod()).isEqualTo(SECOND);
        assertThat(view.renewsAt()).isEqualTo(SECOND.end());
    }

    @Test
    void a_pause_stops_the_clock_and_a_resumption_starts_it_again() {
        SubscriptionView paused = after(subscribed(ID, true), new Paused(ID, LATER, SECOND.end()));
        assertThat(paused.status()).isEqualTo(SubscriptionStatus.PAUSED);
        assertThat(paused.pausedAt()).isEqualTo(LATER);
        assertThat(paused.resumeAt()).isEqualTo(SECOND.end());
        assertThat(paused.renewsAt()).isNull();
        assertThat(paused.endsAt()).isNull();
        Paid current = Paid.whole(new BillingPeriod(1, START, THIRD.end(), "2026a"), MONTHLY.forQuantity(2));
        SubscriptionView view = after(
                subscribed(ID, true),
                new Paused(ID, LATER, SECOND.end()),
                new Resumed(ID, SECOND.end(), LATER, ANCHOR, current, null));
        assertThat(view.status()).isEqualTo(SubscriptionStatus.ACTIVE);
        assertThat(view.pausedAt()).isNull();
        assertThat(view.resumeAt()).isNull();
        assertThat(view.renewsAt()).isEqualTo(THIRD.end());
    }

    @Test
    void a_paused_trial_resumes_as_a_trial() {
        SubscriptionView view = after(
                subscribed(ID, "c", TRIAL, true),
                new Paused(ID, START, null),
                new Resumed(ID, LATER, START, ANCHOR, Paid.whole(TRIAL, NOTHING), null));
        assertThat(view.status()).isEqualTo(SubscriptionStatus.TRIALING);
    }

    @Test
    void a_term_that_is_over_has_ended_before_its_event_arrives() {
        SubscriptionView expiring = after(subscribed(ID, false));
        assertThat(SubscriptionFold.at(FIRST.end().minusNanos(1000), expiring)).isEqualTo(expiring);
        SubscriptionView expired = SubscriptionFold.at(FIRST.end(), expiring);
        assertThat(expired)
                .isEqualTo(SubscriptionFold.fold(expiring, new Expired(ID, FIRST.end(), FIRST), expiring.version()));
        assertThat(expired.status()).isEqualTo(SubscriptionStatus.EXPIRED);
        assertThat(expired.endedAt()).isEqualTo(FIRST.end());

        SubscriptionView canceling =
                after(subscribed(ID, true), new CancellationScheduled(ID, LATER, FIRST.end(), "why"));
        SubscriptionView canceled = SubscriptionFold.at(FIRST.end(), canceling);
        assertThat(canceled.status()).isEqualTo(SubscriptionStatus.CANCELED);
        assertThat(canceled.cancelReason()).isEqualTo("why");
        assertThat(canceled.cancelAtPeriodEnd()).isFalse();
    }

    @Test
    void a_term_bought_ahead_that_is_over_too_ends_with_that_period() {
        SubscriptionView view =
                SubscriptionFold.at(SECOND.end(), after(subscribed(ID, false), renewed(ID, LATER, SECOND)));
        assertThat(view.status()).isEqualTo(SubscriptionStatus.EXPIRED);
        assertThat(view.currentPeriod()).isEqualTo(SECOND);
        assertThat(view.nextPeriod()).isNull();
    }

    @Test
    void a_document_is_read_as_it_was_written() {
        SubscriptionView view = after(
                subscribed(ID, true),
                new PlanChangeScheduled(ID, LATER, MAX, YEARLY, FIRST.end()),
                new Paused(ID, LATER, null));
        assertThat(StoredJson.read(StoredJson.write(view), SubscriptionView.class))
                .isEqualTo(view);
    }

    private static SubscriptionView after(SubscriptionEvent first, SubscriptionEvent... rest) {
        SubscriptionView view = SubscriptionFold.fold(null, first, 0);
        for (SubscriptionEvent event : rest) {
            view = SubscriptionFold.fold(view, event, view.version() + 1);
        }
        return view;
    }
}
