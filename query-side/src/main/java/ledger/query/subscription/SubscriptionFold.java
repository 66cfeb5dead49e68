package ledger.query.subscription;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import ledger.api.Anchor;
import ledger.api.BillingPeriod;
import ledger.api.Money;
import ledger.api.Paid;
import ledger.api.PlanRef;
import ledger.api.PlanSlug;
import ledger.api.Price;
import ledger.api.ProductSlug;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.Activated;
import ledger.api.SubscriptionEvent.AutoRenewSet;
import ledger.api.SubscriptionEvent.Canceled;
import ledger.api.SubscriptionEvent.CancellationScheduled;
import ledger.api.SubscriptionEvent.Corrected;
import ledger.api.SubscriptionEvent.Expired;
import ledger.api.SubscriptionEvent.Paused;
import ledger.api.SubscriptionEvent.PeriodStarted;
import ledger.api.SubscriptionEvent.PlanChangeScheduled;
import ledger.api.SubscriptionEvent.PlanChangeWithdrawn;
import ledger.api.SubscriptionEvent.PlanChanged;
import ledger.api.SubscriptionEvent.QuantityChanged;
import ledger.api.SubscriptionEvent.Reinstated;
import ledger.api.SubscriptionEvent.Renewed;
import ledger.api.SubscriptionEvent.Resumed;
import ledger.api.SubscriptionEvent.Subscribed;
import ledger.api.SubscriptionStatus;
import ledger.api.SubscriptionView;
import ledger.api.SubscriptionView.PlanChangeView;
import org.jspecify.annotations.Nullable;

/** How an event changes what readers see of a subscription. It believes: what is stored has happened. */
public final class SubscriptionFold {

    private SubscriptionFold() {}

    public static SubscriptionView fold(@Nullable SubscriptionView view, SubscriptionEvent event, long version) {
        return event instanceof Subscribed subscribed
                ? subscribed(subscribed, version)
                : new Draft(requireNonNull(view)).with(event).view(version);
    }

    /**
     * What is true at {@code now}: a term that is over has ended, even if the event that says so has yet to arrive. The end is
     * folded as that event will be.
     */
    public static SubscriptionView at(Instant now, SubscriptionView view) {
        if (view.endsAt() == null || now.isBefore(view.endsAt())) {
            return view;
        }
        Draft over = new Draft(view);
        if (view.nextPeriod() != null) {
            over.with(new PeriodStarted(view.subscriptionId(), view.nextPeriod().start(), view.nextPeriod()));
        }
        return over.with(end(view, view.endsAt(), over.currentPeriod)).view(view.version());
    }

    /** The end of the last period that is bought. */
    static Instant paidThrough(SubscriptionView view) {
        return paidThrough(view.currentPeriod(), view.nextPeriod());
    }

    private static Instant paidThrough(BillingPeriod current, @Nullable BillingPeriod next) {
        return (next == null ? current : next).end();
    }

    private static SubscriptionEvent end(SubscriptionView view, Instant at, BillingPeriod period) {
        Money nothing = Money.zero(view.price().amount().currency());
        return view.cancelAtPeriodEnd()
                ? new Canceled(view.subscriptionId(), at, period, nothing, view.cancelReason())
                : new Expired(view.subscriptionId(), at, period);
    }

    private static SubscriptionView subscribed(Subscribed e, long version) {
        SubscriptionView bare = new SubscriptionView(
                e.subscription(),
                e.reference(),
                e.customer(),
                e.plan().slug(),
                e.plan().version(),
                e.plan().product(),
                SubscriptionStatus.ACTIVE,
                e.quantity(),
                e.price(),
                e.at(),
                e.period(),
                null,
                e.autoRenew(),
                false,
                null,
                e.anchor(),
                null,
                null,
                null,
                null,
                null,
                null,
                version);
        return new Draft(bare).running().view(version);
    }

    /** The fields that change in the course of a subscription, while one event is folded. */
    private static final class Draft {

        private final SubscriptionView before;
        private PlanSlug plan;
        private int planVersion;
        private ProductSlug product;
        private SubscriptionStatus status;
        private int quantity;
        private Price price;
        private BillingPeriod currentPeriod;
        private @Nullable BillingPeriod nextPeriod;
        private boolean autoRenew;
        private boolean cancelAtPeriodEnd;
        private @Nullable String cancelReason;
        private Anchor anchor;
        private @Nullable PlanChangeView scheduledChange;
        private @Nullable Instant pausedAt;
        private @Nullable Instant resumeAt;
        private @Nullable Instant endedAt;

        Draft(SubscriptionView view) {
            before = view;
            plan = view.plan();
            planVersion = view.planVersion();
            product = view.product();
            status = view.status();
            quantity = view.quantity();
            price = view.price();
            currentPeriod = view.currentPeriod();
            nextPeriod = view.nextPeriod();
            autoRenew = view.autoRenew();
            cancelAtPeriodEnd = view.cancelAtPeriodEnd();
            cancelReason = view.cancelReason();
            anchor = view.anchor();
            scheduledChange = view.scheduledChange();
            pausedAt = view.pausedAt();
            resumeAt = view.resumeAt();
            endedAt = view.endedAt();
        }

        Draft with(SubscriptionEvent event) {
            return switch (event) {
                case Subscribed _ -> this; // the first event, and only that
                case Corrected _ -> this; // what was wrong is settled, and the life as it was
                case Activated e -> anchored(e.anchor()).paid(e.period(), null).running();
                case Renewed e
                when e.period().start().isAfter(e.at()) -> anchored(e.anchor()).paid(currentPeriod, e.period());
                case Renewed e -> anchored(e.anchor()).paid(e.period(), null).running();
                case PeriodStarted e -> paid(e.period(), null).running();
                case CancellationScheduled e -> canceling(true, e.reason());
                case Reinstated _ -> canceling(false, null);
                case Canceled e -> canceling(false, e.reason()).ended(SubscriptionStatus.CANCELED, e.at());
                case Expired e -> canceling(false, null).ended(SubscriptionStatus.EXPIRED, e.at());
                case AutoRenewSet e -> renewing(e.enabled());
                case PlanChanged e ->
                    changing(null)
                            .deal(e.plan(), e.price(), e.quantity())
                            .anchored(e.anchor())
                            .paid(e.current(), e.ahead());
                case PlanChangeScheduled e ->
                    changing(new PlanChangeView(e.plan().slug(), e.plan().version(), e.price()));
                case PlanChangeWithdrawn _ -> changing(null);
                case QuantityChanged e ->
                    deal(e.plan(), e.price(), e.quantity()).anchored(e.anchor()).paid(e.current(), e.ahead());
                case Paused e -> paused(e.at(), e.resumeAt());
                case Resumed e ->
                    anchored(e.anchor()).paid(e.current(), e.ahead()).running();
            };
        }

        Draft running() {
            status = currentPeriod.isTrial() ? SubscriptionStatus.TRIALING : SubscriptionStatus.ACTIVE;
            pausedAt = null;
            resumeAt = null;
            endedAt = null;
            return this;
        }

        private Draft paused(Instant at, @Nullable Instant until) {
            status = SubscriptionStatus.PAUSED;
            pausedAt = at;
            resumeAt = until;
            return this;
        }

        private Draft ended(SubscriptionStatus how, Instant at) {
            running().changing(null).paid(currentPeriod, null);
            status = how;
            endedAt = at;
            return this;
        }

        private Draft deal(PlanRef ref, Price agreed, int units) {
            plan = ref.slug();
            planVersion = ref.version();
            product = ref.product();
            price = agreed;
            quantity = units;
            return this;
        }

        private Draft anchored(Anchor at) {
            anchor = at;
            return this;
        }

        private Draft paid(Paid current, @Nullable Paid ahead) {
            return paid(current.period(), ahead == null ? null : ahead.period());
        }

        private Draft paid(BillingPeriod current, @Nullable BillingPeriod ahead) {
            currentPeriod = current;
            nextPeriod = ahead;
            return this;
        }

        private Draft renewing(boolean enabled) {
            autoRenew = enabled;
            return this;
        }

        private Draft canceling(boolean atPeriodEnd, @Nullable String reason) {
            cancelAtPeriodEnd = atPeriodEnd;
            cancelReason = reason;
            return this;
        }

        private Draft changing(@Nullable PlanChangeView next) {
            scheduledChange = next;
            return this;
        }

        SubscriptionView view(long version) {
            boolean isRunning = status.isLive() && status != SubscriptionStatus.PAUSED;
            boolean renews = autoRenew && !cancelAtPeriodEnd;
            Instant paidThrough = paidThrough(currentPeriod, nextPeriod);
            return new SubscriptionView(
                    before.subscriptionId(),
                    before.reference(),
                    before.customerId(),
                    plan,
                    planVersion,
                    product,
                    status,
                    quantity,
                    price,
                    before.startedAt(),
                    currentPeriod,
                    nextPeriod,
                    autoRenew,
                    cancelAtPeriodEnd,
                    cancelReason,
                    anchor,
                    scheduledChange,
                    pausedAt,
                    resumeAt,
                    endedAt,
                    isRunning && renews ? paidThrough : null,
                    isRunning && !renews ? paidThrough : null,
                    version);
        }
    }
}
