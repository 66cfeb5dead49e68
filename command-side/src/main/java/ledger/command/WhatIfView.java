package ledger.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import ledger.api.BillingPeriod;
import ledger.api.EventTypes;
import ledger.api.Money;
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
import ledger.api.SubscriptionView;
import ledger.command.domain.SubscriptionState.Known;
import ledger.command.domain.WhatIf.Outcome;
import ledger.command.domain.WhatIf.Refused;
import org.jspecify.annotations.Nullable;

/**
 * A history that was and one that would have been, both up to {@code until}. {@code difference} is by how much the latter would have
 * charged and credited more (less, where negative); absent where the currencies differ. {@code refused} is what was granted and would
 * not have been.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record WhatIfView(
        Instant until,
        Course actual,
        Course whatIf,
        List<PeriodPair> periods,
        @Nullable Difference difference,
        List<NotGranted> refused) {

    /** A course of events: the subscription as it ended up, each step, and what was charged and credited in all. */
    record Course(SubscriptionView subscription, List<Step> steps, Sum charged, Sum credited) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Step(
            Instant at,
            String type,
            @Nullable BillingPeriod period,
            @Nullable Money charged,
            @Nullable Money credited) {}

    /** The periods of one number, absent where there was none: their dates, and what was charged and credited in them. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PeriodPair(
            int number, @Nullable Part actual, @Nullable Part whatIf) {}

    record Part(Instant start, Instant end, Sum charged, Sum credited) {}

    /** Net is charged less credited. */
    record Difference(Sum charged, Sum credited, Sum net) {}

    record NotGranted(Instant at, String command, String code, String detail) {
        static NotGranted of(Refused refused) {
            return new NotGranted(
                    refused.at(),
                    refused.command().getClass().getSimpleName(),
                    refused.refusal().problem().code(),
                    refused.refusal().detail());
        }
    }

    /** Like money, without its bounds. */
    record Sum(BigInteger amount, Currency currency) {

        static Sum of(List<Step> steps, Function<Step, @Nullable Money> money, Currency currency) {
            BigInteger sum = BigInteger.ZERO;
            for (Step step : steps) {
                Money one = money.apply(step);
                sum = one == null ? sum : sum.add(BigInteger.valueOf(one.amount()));
            }
            return new Sum(sum, currency);
        }

        Sum minus(Sum other) {
            return new Sum(amount.subtract(other.amount), currency);
        }
    }

    static WhatIfView of(Outcome actual, Outcome whatIf, Instant until) {
        Course was = course(actual);
        Course would = course(whatIf);
        return new WhatIfView(
                until,
                was,
                would,
                pairs(was, would),
                difference(was, would),
                whatIf.refused().stream().map(NotGranted::of).toList());
    }

    private static Course course(Outcome outcome) {
        Known end = (Known) outcome.state();
        List<Step> steps = outcome.events().stream().map(WhatIfView::step).toList();
        Currency currency = end.contract().deal().offer().price().amount().currency();
        return new Course(
                SubscriptionViews.of(end, outcome.events().size() - 1),
                steps,
                Sum.of(steps, Step::charged, currency),
                Sum.of(steps, Step::credited, currency));
    }

    private static Step step(SubscriptionEvent event) {
        String type = EventTypes.of(event.getClass()).value();
        return new Step(event.at(), type, period(event), event.charged(), event.credited());
    }

    /** The period that an event is about, if it is about one. */
    private static @Nullable BillingPeriod period(SubscriptionEvent event) {
        return switch (event) {
            case Subscribed e -> e.period();
            case Activated e -> e.period();
            case Renewed e -> e.period();
            case PeriodStarted e -> e.period();
            case PlanChanged e -> e.current().period();
            case QuantityChanged e -> e.current().period();
            case Resumed e -> e.current().period();
            case Canceled e -> e.period();
            case Expired e -> e.period();
            case CancellationScheduled _, Reinstated _, AutoRenewSet _, PlanChangeScheduled _ -> null;
            case PlanChangeWithdrawn _, Paused _, Corrected _ -> null;
        };
    }

    private static List<PeriodPair> pairs(Course was, Course would) {
        SortedMap<Integer, Part> actual = parts(was);
        SortedMap<Integer, Part> whatIf = parts(would);
        SortedSet<Integer> numbers = new TreeSet<>(actual.keySet());
        numbers.addAll(whatIf.keySet());
        return numbers.stream()
                .map(number -> new PeriodPair(number, actual.get(number), whatIf.get(number)))
                .toList();
    }

    /** A period's dates are those that the last event about it says: a pause moves its end. */
    private static SortedMap<Integer, Part> parts(Course course) {
        SortedMap<Integer, List<Step>> byNumber = new TreeMap<>();
        for (Step step : course.steps) {
            if (step.period != null) {
                byNumber.computeIfAbsent(step.period.number(), _ -> new ArrayList<>())
                        .add(step);
            }
        }
        SortedMap<Integer, Part> parts = new TreeMap<>();
        Currency currency = course.charged.currency;
        byNumber.forEach((number, steps) -> {
            BillingPeriod last = Objects.requireNonNull(steps.getLast().period);
            parts.put(
                    number,
                    new Part(
                            last.start(),
                            last.end(),
                            Sum.of(steps, Step::charged, currency),
                            Sum.of(steps, Step::credited, currency)));
        });
        return parts;
    }

    private static @Nullable Difference difference(Course was, Course would) {
        if (!was.charged.currency.equals(would.charged.currency)) {
            return null;
        }
        Sum charged = would.charged.minus(was.charged);
        Sum credited = would.credited.minus(was.credited);
        return new Difference(charged, credited, charged.minus(credited));
    }
}
