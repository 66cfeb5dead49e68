package ledger.command.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import ledger.api.BillingPeriod;
import ledger.api.Money;
import ledger.api.Paid;
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
import org.jspecify.annotations.Nullable;

/** Events in a line of words each: midnights of UTC as dates, amounts in minor units. */
final class Telling {

    private Telling() {}

    static String of(SubscriptionEvent event) {
        return time(event.at())
                + switch (event) {
                    case Subscribed e ->
                        " subscribed to " + e.plan().slug() + " x" + e.quantity() + period(e.period())
                                + charged(e.charge());
                    case Activated e -> " activated on " + e.plan().slug() + period(e.period()) + charged(e.charge());
                    case Renewed e -> " renewed on " + e.plan().slug() + period(e.period()) + charged(e.charge());
                    case PeriodStarted e -> " started" + period(e.period());
                    case CancellationScheduled e -> " to be canceled at " + time(e.endsAt()) + reason(e.reason());
                    case Reinstated _ -> " reinstated";
                    case Canceled e ->
                        " canceled in period " + e.period().number() + ", unused "
                                + e.unused().amount() + reason(e.reason());
                    case Expired e -> " expired after period " + e.period().number();
                    case AutoRenewSet e -> " auto-renew " + (e.enabled() ? "on" : "off");
                    case PlanChanged e ->
                        " changed to " + e.plan().slug() + " x" + e.quantity()
                                + period(e.current().period()) + ahead(e.ahead()) + ", credited "
                                + e.credit().amount() + charged(e.charge());
                    case PlanChangeScheduled e ->
                        " to be changed to " + e.plan().slug() + " at " + time(e.effectiveAt());
                    case PlanChangeWithdrawn _ -> " change withdrawn";
                    case QuantityChanged e ->
                        " quantity " + e.quantity() + ahead(e.ahead()) + ", credited "
                                + e.credit().amount() + charged(e.charge());
                    case Corrected e ->
                        " corrected version " + e.corrects().version() + ", credited "
                                + e.credit().amount() + charged(e.charge()) + reason(e.reason());
                    case Paused e -> " paused" + (e.resumeAt() == null ? "" : " until " + time(e.resumeAt()));
                    case Resumed e -> " resumed" + period(e.current().period()) + ahead(e.ahead());
                };
    }

    /** {@code 2026-01-31} or {@code 2026-01-31T10:30}, in UTC. */
    static Instant instant(String time) {
        LocalDateTime local = time.contains("T")
                ? LocalDateTime.parse(time)
                : LocalDate.parse(time).atStartOfDay();
        return local.toInstant(ZoneOffset.UTC);
    }

    private static String time(Instant instant) {
        String time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString();
        return time.endsWith("T00:00") ? time.substring(0, time.length() - 6) : time;
    }

    private static String period(BillingPeriod period) {
        String name = period.isTrial() ? "trial" : "period " + period.number();
        return ", " + name + " " + time(period.start()) + " to " + time(period.end());
    }

    private static String charged(Money charge) {
        return ", charged " + charge.amount();
    }

    private static String ahead(@Nullable Paid ahead) {
        return ahead == null ? "" : ", then" + period(ahead.period()).substring(1);
    }

    private static String reason(@Nullable String reason) {
        return reason == null ? "" : ": " + reason;
    }
}
