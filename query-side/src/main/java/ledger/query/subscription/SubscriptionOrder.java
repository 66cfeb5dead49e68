package ledger.query.subscription;

import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.Path;
import jakarta.persistence.criteria.Predicate;
import jakarta.persistence.criteria.Root;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import ledger.api.Problem;
import ledger.api.SubscriptionView;
import ledger.http.Cursor;
import ledger.query.AsOf;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;

/**
 * The order of a list: by an instant of the subscription, if any, and then by id, in the same direction. {@code list} is what a cursor
 * is good for: this order of what was asked.
 */
record SubscriptionOrder(String list, @Nullable By by, boolean descending) {

    private static final List<SubscriptionOrder> ALL = List.of(
            new SubscriptionOrder("startedAt", By.STARTED_AT, false),
            new SubscriptionOrder("-startedAt", By.STARTED_AT, true),
            new SubscriptionOrder("periodEnd", By.PERIOD_END, false),
            new SubscriptionOrder("-periodEnd", By.PERIOD_END, true));

    private static final SubscriptionOrder BY_ID = new SubscriptionOrder("", null, false);

    private record By(String attribute, Function<SubscriptionView, Instant> value) {
        static final By STARTED_AT = new By("startedAt", SubscriptionView::startedAt);
        static final By PERIOD_END = new By("paidThrough", SubscriptionFold::paidThrough);
    }

    /** The place of a subscription in the order; {@code at} is the same for all where it is by id alone. */
    private record Place(Instant at, UUID id) {
        /** As PostgreSQL orders them: UUID's own order is that of signed numbers. */
        static final Comparator<Place> ORDER =
                Comparator.comparing(Place::at).thenComparing(place -> place.id.toString());
    }

    /** As asked for; what is bounded by its period's end is in the order of that, so that an index serves both. */
    static SubscriptionOrder of(SubscriptionFilter filter, AsOf asOf) {
        String asked = filter.sort() == null && filter.boundsPeriodEnd() ? "periodEnd" : filter.sort();
        SubscriptionOrder found = asked == null
                ? BY_ID
                : ALL.stream()
                        .filter(order -> order.list.equals(asked))
                        .findAny()
                        .orElseThrow(() -> Problem.INVALID_PARAMETER.because(
                                "sort must be one of startedAt, -startedAt, periodEnd, -periodEnd"));
        return new SubscriptionOrder(
                Cursor.list("subscriptions " + found.list, filter.question(), asOf), found.by, found.descending);
    }

    boolean isById() {
        return by == null;
    }

    Sort sort() {
        Sort byId = Sort.by("id");
        Sort sort = by == null ? byId : Sort.by(by.attribute).and(byId);
        return descending ? sort.descending() : sort;
    }

    Comparator<SubscriptionView> comparator() {
        return Comparator.comparing(this::place, places());
    }

    Cursor cursor(SubscriptionView view) {
        Place place = place(view);
        return by == null ? Cursor.of(list, place.id) : Cursor.of(list, place.at, place.id);
    }

    /** The id after which a list in order of ids goes on; null where it begins. */
    @Nullable
    UUID lastId(@Nullable String cursor) {
        Place last = last(cursor);
        return last == null ? null : last.id;
    }

    boolean isAfter(@Nullable String cursor, SubscriptionView view) {
        Place last = last(cursor);
        return last == null || places().compare(place(view), last) > 0;
    }

    Specification<SubscriptionRow> after(@Nullable String cursor) {
        Place last = last(cursor);
        if (last == null) {
            return (_, _, is) -> is.conjunction();
        }
        return by == null
                ? (row, _, is) -> is.greaterThan(row.get("id"), last.id)
                : (row, _, is) -> beyond(row, is, by, last);
    }

    /** The first comparison repeats what the second implies: it is the one that an index can start from. */
    private Predicate beyond(Root<SubscriptionRow> row, CriteriaBuilder is, By first, Place last) {
        Path<Instant> at = row.get(first.attribute);
        Path<UUID> id = row.get("id");
        return descending
                ? is.and(is.lessThanOrEqualTo(at, last.at), is.or(is.lessThan(at, last.at), is.lessThan(id, last.id)))
                : is.and(
                        is.greaterThanOrEqualTo(at, last.at),
                        is.or(is.greaterThan(at, last.at), is.greaterThan(id, last.id)));
    }

    private @Nullable Place last(@Nullable String cursor) {
        return Cursor.read(
                list,
                cursor,
                key -> by == null
                        ? new Place(Instant.EPOCH, Cursor.id(key.getFirst()))
                        : new Place(Cursor.instant(key.get(0)), Cursor.id(key.get(1))));
    }

    private Place place(SubscriptionView view) {
        return new Place(
                by == null ? Instant.EPOCH : by.value.apply(view),
                view.subscriptionId().value());
    }

    private Comparator<Place> places() {
        return descending ? Place.ORDER.reversed() : Place.ORDER;
    }
}
