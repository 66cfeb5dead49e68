package ledger.query.subscription;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import ledger.api.EventTypes;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.Subscribed;
import ledger.api.SubscriptionView;
import ledger.api.TenantId;
import ledger.api.Timeline;
import ledger.query.Column;
import ledger.query.Recorded;
import ledger.query.Rows;
import ledger.query.StoredJson;
import org.jspecify.annotations.Nullable;

/** A subscription as its tables keep it, after an event. */
record KeptSubscription(TenantId tenant, SubscriptionView view, Bounds bounds) {

    /** After so many events it is kept for ever: what a question about the past has to fold is less than that. */
    private static final int MILESTONE = 64;

    /**
     * All that it has been told took effect and was recorded through these moments: from then to its next event it is what it is here.
     * What it has been told since its last milestone did so from these moments on: about any time before, that says nothing.
     */
    record Bounds(Instant effectiveFrom, Instant recordedFrom, Instant effectiveThrough, Instant recordedThrough) {

        private static Bounds of(Instant effective, Instant recorded) {
            return new Bounds(effective, recorded, effective, recorded);
        }

        private Bounds with(Instant effective, Instant recorded) {
            return new Bounds(
                    earlier(effectiveFrom, effective),
                    earlier(recordedFrom, recorded),
                    later(effectiveThrough, effective),
                    later(recordedThrough, recorded));
        }

        /** Those of the first event after a milestone. */
        private Bounds anew(Instant effective, Instant recorded) {
            return new Bounds(
                    effective, recorded, later(effectiveThrough, effective), later(recordedThrough, recorded));
        }

        private static Instant earlier(Instant one, Instant other) {
            return one.isBefore(other) ? one : other;
        }

        private static Instant later(Instant one, Instant other) {
            return one.isAfter(other) ? one : other;
        }
    }

    static final Comparator<KeptSubscription> BY_KEY = Comparator.comparing(
                    (KeptSubscription row) -> row.tenant.value())
            .thenComparing(row -> row.view.subscriptionId().value());

    private static final List<Column<KeptSubscription>> KEY = List.of(
            new Column<>("tenant", "text", KeptSubscription::tenant),
            new Column<>("subscription_id", "uuid", row -> row.view.subscriptionId()));

    private static final List<Column<KeptSubscription>> FOUND_BY = List.of(
            new Column<>("customer_id", "text", row -> row.view.customerId()),
            new Column<>("reference", "text", row -> row.view.reference()),
            new Column<>("product", "text", row -> row.view.product()),
            new Column<>("plan", "text", row -> row.view.plan()),
            new Column<>("status", "text", row -> row.view.status()),
            new Column<>("live", "bool", row -> row.view.status().isLive()),
            new Column<>("auto_renew", "bool", row -> row.view.autoRenew()),
            new Column<>("cancel_at_period_end", "bool", row -> row.view.cancelAtPeriodEnd()),
            new Column<>("started_at", "timestamptz", row -> row.view.startedAt()),
            new Column<>("paid_through", "timestamptz", row -> SubscriptionFold.paidThrough(row.view)),
            new Column<>("ends_at", "timestamptz", row -> row.view.endsAt()));

    private static final List<Column<KeptSubscription>> TOLD = List.of(
            new Column<>("version", "int8", row -> row.view.version()),
            new Column<>("effective_from", "timestamptz", row -> row.bounds.effectiveFrom),
            new Column<>("recorded_from", "timestamptz", row -> row.bounds.recordedFrom),
            new Column<>("effective_through", "timestamptz", row -> row.bounds.effectiveThrough),
            new Column<>("recorded_through", "timestamptz", row -> row.bounds.recordedThrough),
            new Column<>("document", "json", row -> StoredJson.write(row.view)));

    static final Rows<KeptSubscription> CURRENT = new Rows<>(
            "subscription",
            2,
            Stream.of(KEY, FOUND_BY, TOLD).flatMap(List::stream).toList());

    static final Rows<KeptSubscription> MILESTONES = new Rows<>(
            "subscription_milestone",
            3,
            Stream.of(KEY, TOLD).flatMap(List::stream).toList());

    boolean isMilestone() {
        return (view.version() + 1) % MILESTONE == 0;
    }

    /** What comes of it, or of nothing, by its next event; anything but the next one is refused. */
    static KeptSubscription next(@Nullable KeptSubscription row, Recorded recorded) {
        SubscriptionEvent event = (SubscriptionEvent) recorded.event();
        long expected = row == null ? 0 : row.view.version() + 1;
        if (recorded.version() != expected || (row == null && !(event instanceof Subscribed))) {
            throw new IllegalStateException("the %s at position %d is version %d of %s, where %d was expected"
                    .formatted(
                            EventTypes.of(event.getClass()).value(),
                            recorded.position(),
                            recorded.version(),
                            recorded.stream(),
                            expected));
        }
        SubscriptionView view = SubscriptionFold.fold(row == null ? null : row.view, event, recorded.version());
        var _ = Timeline.at(
                SubscriptionFold.paidThrough(view)); // or else PostgreSQL refuses the rows of others with it
        return new KeptSubscription(recorded.tenant(), view, bounds(row, event.at(), recorded.recordedAt()));
    }

    private static Bounds bounds(@Nullable KeptSubscription row, Instant effective, Instant recorded) {
        if (row == null) {
            return Bounds.of(effective, recorded);
        }
        return row.isMilestone() ? row.bounds.anew(effective, recorded) : row.bounds.with(effective, recorded);
    }
}
