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
import ledger.http.Cursor;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;

/** The order of a list: by an instant of the subscription, if any, and then by id, in the same direction. */
record SubscriptionOrder(String name, @Nullable By by, boolean descending) {

    private static final List<SubscriptionOrder> ALL = List.of(
            new SubscriptionOrder("startedAt", By.STARTED_AT, false),
            new SubscriptionOrder("-startedAt", By.STARTED_AT, true),
            new SubscriptionOrder("periodEnd", By.PERIOD_END, false),
            new SubscriptionOrder("-periodEnd", By.PERIOD_END, true));

    private static final SubscriptionOrder BY_ID = new SubscriptionOrder("", null, false);

    private record By(String attribute, Function<SubscriptionRow, Instant> value) {
        static final By STARTED_AT = new By("startedAt", row -> row.startedAt);
        static final By PERIOD_END = new By("paidThrough", row -> row.paidThrough);
    }

    /** As asked for; what is bounded by its period's end is in the order of that, so that an index serves both. */
    static SubscriptionOrder of(SubscriptionFilter filter) {
        String asked = filter.sort() == null && filter.boundsPeriodEnd() ? "periodEnd" : filter.sort();
        return asked == null
                ? BY_ID
                : ALL.stream()
                        .filter(order -> order.name.equals(asked))
                        .findAny()
                        .orElseThrow(() -> Problem.INVALID_PARAMETER.because(
                                "sort must be one of startedAt, -startedAt, periodEnd, -periodEnd"));
    }

    Sort sort() {
        Sort byId = Sort.by("id");
        Sort sort = by == null ? byId : Sort.by(by.attribute).and(byId);
        return descending ? sort.descending() : sort;
    }

    Comparator<SubscriptionRow> comparator() {
        // as PostgreSQL orders them: UUID's own order is that of signed numbers
        Comparator<SubscriptionRow> byId = Comparator.comparing(row -> row.id.toString());
        Comparator<SubscriptionRow> order =
                by == null ? byId : Comparator.comparing(by.value).thenComparing(byId);
        return descending ? order.reversed() : order;
    }

    Cursor cursor(SubscriptionRow row) {
        return by == null ? Cursor.of(list(), row.id) : Cursor.of(list(), by.value.apply(row), row.id);
    }

    Specification<SubscriptionRow> after(@Nullable String cursor) {
        if (by == null) {
            UUID last = Cursor.read(list(), cursor, key -> UUID.fromString(key.getFirst()));
            return (row, _, is) -> last == null ? is.conjunction() : is.greaterThan(row.get("id"), last);
        }
        Key last = Cursor.read(list(), cursor, Key::of);
        return (row, _, is) -> last == null ? is.conjunction() : beyond(row, is, by, last);
    }

    private record Key(Instant at, UUID id) {
        static Key of(List<String> key) {
            return new Key(Instant.parse(key.get(0)), UUID.fromString(key.get(1)));
        }
    }

    /** The first comparison repeats what the second implies: it is the one that an index can start from. */
    private Predicate beyond(Root<SubscriptionRow> row, CriteriaBuilder is, By first, Key last) {
        Path<Instant> at = row.get(first.attribute);
        Path<UUID> id = row.get("id");
        return descending
                ? is.and(is.lessThanOrEqualTo(at, last.at), is.or(is.lessThan(at, last.at), is.lessThan(id, last.id)))
                : is.and(
                        is.greaterThanOrEqualTo(at, last.at),
                        is.or(is.greaterThan(at, last.at), is.greaterThan(id, last.id)));
    }

    private String list() {
        return "subscriptions " + name;
    }
}
