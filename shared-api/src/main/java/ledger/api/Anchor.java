package ledger.api;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneRulesProvider;

/**
 * What every boundary is computed from, so that none ever depends on the one before it:
 *
 * <pre>boundary(n) = origin + n terms, on the day of month (or the last day of a shorter month), at the local time in the zone</pre>
 *
 * {@code dayOfMonth} (1 to 31) is a number of its own: day 31 anchored in April survives. Terms of days and weeks count local
 * calendar days from {@code origin} and do not use it.
 */
public record Anchor(LocalDate origin, int dayOfMonth, LocalTime time, ZoneId zone, Term term) {

    private static final String TZDB =
            ZoneRulesProvider.getVersions("Europe/London").lastEntry().getKey();

    public Anchor {
        Check.between(dayOfMonth, 1, 31);
        Check.zone(zone);
    }

    /** The anchor of a subscription whose periods start at {@code start}, on the day of the month that it falls on. */
    public static Anchor at(Instant start, ZoneId zone, Term term) {
        ZonedDateTime local = start.atZone(zone);
        return new Anchor(local.toLocalDate(), local.getDayOfMonth(), local.toLocalTime(), zone, term);
    }

    public Anchor onDay(int day) {
        return new Anchor(origin, day, time, zone, term);
    }

    /** The same origin, day, time and zone for another term. */
    public Anchor withTerm(Term other) {
        return new Anchor(origin, dayOfMonth, time, zone, other);
    }

    /** The anchor that is {@code days} local calendar days later, on that day of the month, at the same local time. */
    public Anchor plusDays(int days) {
        LocalDate date = origin.plusDays(days);
        return new Anchor(date, date.getDayOfMonth(), time, zone, term);
    }

    /**
     * The anchor of periods of another term that go on from {@code start}. Where {@code start} is on this anchor's day of the
     * month or at its local time, these are kept: day 31 survives a boundary at the end of February, and 02:30 one in a gap.
     */
    public Anchor movedTo(Instant start, Term other) {
        ZonedDateTime local = start.atZone(zone);
        LocalDate date = local.toLocalDate();
        boolean onDay = countsMonths() && onDayOfMonth(YearMonth.from(date)).equals(date);
        boolean onTime = ZonedDateTime.of(date, time, zone).toInstant().equals(start);
        return new Anchor(
                date, onDay ? dayOfMonth : date.getDayOfMonth(), onTime ? time : local.toLocalTime(), zone, other);
    }

    /**
     * The n-th boundary; n may be negative. A local time that a clock change skips is moved forward by the length of the gap,
     * one that occurs twice is its first occurrence.
     */
    public Instant boundary(long n) {
        long steps = Math.multiplyExact(n, term.every());
        LocalDate date = switch (term.unit()) {
            case DAY -> origin.plusDays(steps);
            case WEEK -> origin.plusWeeks(steps);
            case MONTH -> onDayOfMonth(YearMonth.from(origin).plusMonths(steps));
            case YEAR -> onDayOfMonth(YearMonth.from(origin).plusYears(steps));
        };
        return ZonedDateTime.of(date, time, zone).toInstant();
    }

    /** The first boundary strictly after {@code instant}. */
    public Instant boundaryAfter(Instant instant) {
        // By the local date alone the estimate is off by one or two (the day in the month, a zone that skipped a day).
        long n = Math.floorDiv(unitsUntil(instant), term.every()) - 2;
        Instant boundary = boundary(n);
        while (!boundary.isAfter(instant)) {
            boundary = boundary(++n);
        }
        return boundary;
    }

    /** The first boundary at or after {@code instant}. */
    public Instant boundaryFrom(Instant instant) {
        return boundaryAfter(instant.minusNanos(1));
    }

    /** The last boundary strictly before {@code instant}. */
    public Instant boundaryBefore(Instant instant) {
        long n = Math.floorDiv(unitsUntil(instant), term.every()) + 2;
        Instant boundary = boundary(n);
        while (!boundary.isBefore(instant)) {
            boundary = boundary(--n);
        }
        return boundary;
    }

    /** Period 1 of a subscription that starts at {@code start}: shorter than the term when the anchor's day differs. */
    public BillingPeriod firstPeriod(Instant start) {
        return period(1, start);
    }

    /** The period that starts where {@code period} ends. */
    public BillingPeriod after(BillingPeriod period) {
        return period(period.number() + 1, period.end());
    }

    /** The period of the given number that starts at {@code start} and ends at the next boundary. */
    public BillingPeriod period(int number, Instant start) {
        return new BillingPeriod(number, start, boundaryAfter(start), TZDB);
    }

    /** A trial of {@code days} local calendar days from {@code start}, which this anchor was made of: period 0. */
    public BillingPeriod trial(Instant start, int days) {
        return new BillingPeriod(0, start, plusDays(days).boundary(0), TZDB);
    }

    private boolean countsMonths() {
        return switch (term.unit()) {
            case DAY, WEEK -> false;
            case MONTH, YEAR -> true;
        };
    }

    private long unitsUntil(Instant instant) {
        LocalDate date = instant.atZone(zone).toLocalDate();
        return switch (term.unit()) {
            case DAY -> ChronoUnit.DAYS.between(origin, date);
            case WEEK -> Math.floorDiv(ChronoUnit.DAYS.between(origin, date), 7);
            case MONTH -> ChronoUnit.MONTHS.between(YearMonth.from(origin), YearMonth.from(date));
            case YEAR -> date.getYear() - origin.getYear();
        };
    }

    private LocalDate onDayOfMonth(YearMonth month) {
        return month.atDay(Math.min(dayOfMonth, month.lengthOfMonth()));
    }
}
