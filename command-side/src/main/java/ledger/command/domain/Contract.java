package ledger.command.domain;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import ledger.api.Anchor;
import ledger.api.CustomerId;
import ledger.api.Money;
import ledger.api.Offer;
import ledger.api.Paid;
import ledger.api.Reference;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.Corrected;
import ledger.api.SubscriptionId;
import org.jspecify.annotations.Nullable;

/** What is agreed with the customer and what is paid for: the facts that every state of a subscription but the first has. */
public record Contract(Holder holder, Deal deal, Billing billing, Wishes wishes, Past past) {

    /** A renewal that comes again so soon after is the same one: who repeats it does not want two periods. */
    private static final Duration REPEATED = Duration.ofHours(1);

    Contract(Holder holder, Deal deal, Billing billing, Wishes wishes) {
        this(holder, deal, billing, wishes, new Past(null, Map.of(), BigInteger.ZERO));
    }

    /**
     * What later commands must know of earlier ones. {@code renewedAt} is when a person last bought a period, null where time did
     * or where a change of plan came after it; {@code corrections} are by the version of what was corrected; {@code charged} is all
     * that was charged, less what was credited, in minor units.
     */
    public record Past(@Nullable Instant renewedAt, Map<Long, Corrected> corrections, BigInteger charged) {
        public Past {
            corrections = Map.copyOf(corrections);
        }
    }

    public record Holder(
            SubscriptionId id,
            CustomerId customer,
            @Nullable Reference reference,
            Instant startedAt) {}

    public record Deal(Offer offer, int quantity) {
        /** What a whole term costs. */
        Money price() {
            return offer.price().forQuantity(quantity);
        }
    }

    /**
     * {@code ahead} is the period after the current one, when it is bought already. {@code term} is how long the current one's
     * whole term is, where a pause moved its end and the boundaries no longer tell.
     */
    public record Billing(
            Anchor anchor,
            Paid current,
            @Nullable Paid ahead,
            @Nullable Duration term) {

        Billing(Anchor anchor, Paid current, @Nullable Paid ahead) {
            this(anchor, current, ahead, null);
        }

        /** The end of the last period that is bought. */
        public Instant paidThrough() {
            return (ahead == null ? current : ahead).period().end();
        }
    }

    /** What is to happen at a boundary: renewal or not, a scheduled end, another offer for the next period. */
    public record Wishes(
            boolean autoRenew,
            @Nullable Cancellation cancellation,
            @Nullable Offer nextOffer) {

        Wishes autoRenew(boolean enabled) {
            return new Wishes(enabled, cancellation, nextOffer);
        }

        Wishes cancellation(@Nullable Cancellation scheduled) {
            return new Wishes(autoRenew, scheduled, nextOffer);
        }

        Wishes nextOffer(@Nullable Offer next) {
            return new Wishes(autoRenew, cancellation, next);
        }
    }

    public record Cancellation(@Nullable String reason) {}

    public SubscriptionId id() {
        return holder.id();
    }

    Contract with(Deal other) {
        return new Contract(holder, other, billing, wishes, past);
    }

    Contract with(Billing other) {
        return new Contract(holder, deal, other, wishes, past);
    }

    Contract with(Wishes other) {
        return new Contract(holder, deal, billing, other, past);
    }

    Contract with(Corrected correction) {
        Map<Long, Corrected> all = new HashMap<>(past.corrections);
        all.put(correction.corrects().version(), correction);
        return new Contract(holder, deal, billing, wishes, new Past(past.renewedAt, all, past.charged));
    }

    Contract settled(SubscriptionEvent event) {
        BigInteger charged = past.charged.add(minor(event.charged())).subtract(minor(event.credited()));
        return new Contract(holder, deal, billing, wishes, new Past(past.renewedAt, past.corrections, charged));
    }

    private static BigInteger minor(@Nullable Money money) {
        return money == null ? BigInteger.ZERO : BigInteger.valueOf(money.amount());
    }

    /** With nothing that runs on by itself, only a person can have bought a period. */
    Contract renewed(Instant at) {
        return renewedAt(wishes.autoRenew ? null : at);
    }

    Contract notRenewed() {
        return renewedAt(null);
    }

    private Contract renewedAt(@Nullable Instant at) {
        return new Contract(holder, deal, billing, wishes, new Past(at, past.corrections, past.charged));
    }

    boolean isRenewedAlready(Instant now) {
        return billing.ahead != null || (past.renewedAt != null && now.isBefore(past.renewedAt.plus(REPEATED)));
    }
}
