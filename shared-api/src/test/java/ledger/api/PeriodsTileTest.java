package ledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whatever the anchor, periods partition time: thousands of random anchors against a second, straightforward calculation. */
class PeriodsTileTest {

    private static final int ANCHORS = 5_000;
    private static final int PERIODS = 40;
    private static final int MARGIN = 6;

    private static final List<ZoneId> ZONES = List.of(
            ZoneId.of("UTC"),
            ZoneId.of("America/New_York"),
            ZoneId.of("America/Los_Angeles"),
            ZoneId.of("America/St_Johns"),
            ZoneId.of("America/Nuuk"),
            ZoneId.of("America/Sao_Paulo"),
            ZoneId.of("Europe/Berlin"),
            ZoneId.of("Europe/London"),
            ZoneId.of("Africa/Cairo"),
            ZoneId.of("Africa/Casablanca"),
            ZoneId.of("Asia/Beirut"),
            ZoneId.of("Asia/Gaza"),
            ZoneId.of("Asia/Kathmandu"),
            ZoneId.of("Asia/Kolkata"),
            ZoneId.of("Asia/Tokyo"),
            ZoneId.of("Australia/Lord_Howe"),
            ZoneId.of("Pacific/Apia"),
            ZoneId.of("Pacific/Kiritimati"),
            ZoneId.of("Pacific/Kwajalein"));

    private static final List<LocalTime> TIMES = List.of(
            LocalTime.MIDNIGHT,
            LocalTime.of(0, 30),
            LocalTime.of(1, 30),
            LocalTime.of(2, 15),
            LocalTime.of(2, 30),
            LocalTime.of(12, 0),
            LocalTime.of(23, 30),
            LocalTime.of(23, 59, 59, 999_999_000));

    private static final Instant EARLIEST = Instant.parse("1990-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2060-01-01T00:00:00Z");

    private final SplittableRandom random = new SplittableRandom(20_261_123);

    private int inGap;
    private int inOverlap;
    private int onSkippedDay;
    private int onLeapDay;
    private int onShortMonth;

    @Test
    void periods_are_what_the_anchor_says_without_gap_or_overlap() {
        for (int i = 0; i < ANCHORS; i++) {
            Anchor anchor = anchor();
            Instant start = near(anchor);
            List<Instant> boundaries = boundaries(anchor, PERIODS * 2);

            BillingPeriod period = anchor.firstPeriod(start);
            assertThat(period.start()).isEqualTo(start);
            for (int number = 1; number <= PERIODS; number++) {
                assertThat(period.number()).as("number of %s", anchor).isEqualTo(number);
                assertThat(period.end())
                        .as("after %s by %s", period.start(), anchor)
                        .isAfter(period.start());
                assertThat(period.end())
                        .as("after %s by %s", period.start(), anchor)
                        .isEqualTo(firstAfter(boundaries, period.start()));
                BillingPeriod next = anchor.after(period);
                assertThat(next.start()).isEqualTo(period.end());
                period = next;
            }
        }
        assertThat(inGap).as("boundaries in a gap").isGreaterThan(500);
        assertThat(inOverlap).as("boundaries in an overlap").isGreaterThan(500);
        assertThat(onSkippedDay).as("boundaries on a day that did not exist").isGreaterThan(20);
        assertThat(onLeapDay).as("boundaries on 29 February").isGreaterThan(250);
        assertThat(onShortMonth)
                .as("boundaries in a month too short for the day")
                .isGreaterThan(500);
    }

    @Test
    void the_boundary_before_and_after_any_instant_is_the_nearest_one() {
        for (int i = 0; i < ANCHORS; i++) {
            Anchor anchor = anchor();
            List<Instant> boundaries = boundaries(anchor, 8);
            Instant boundary = boundaries.get(MARGIN + random.nextInt(4));
            for (Instant instant : List.of(
                    boundary,
                    boundary.minusNanos(1),
                    boundary.plusNanos(1),
                    between(boundary, after(boundary, boundaries)))) {
                assertThat(anchor.boundaryAfter(instant))
                        .as("after %s by %s", instant, anchor)
                        .isEqualTo(firstAfter(boundaries, instant));
                assertThat(anchor.boundaryBefore(instant))
                        .as("before %s by %s", instant, anchor)
                        .isEqualTo(lastBefore(boundaries, instant));
                assertThat(anchor.boundaryFrom(instant))
                        .as("from %s by %s", instant, anchor)
                        .isEqualTo(firstAfter(boundaries, instant.minusNanos(1)));
            }
        }
    }

    @Test
    void an_anchor_that_moved_to_its_own_boundary_computes_the_same_boundaries() {
        for (int i = 0; i < ANCHORS; i++) {
            Anchor anchor = anchor();
            Instant boundary = anchor.boundary(random.nextInt(1, 40));
            Anchor moved = anchor.movedTo(boundary, anchor.term());
            // The local date of a boundary that was moved over midnight is not the one that the anchor meant.
            if (boundary.atZone(anchor.zone()).toLocalTime().equals(anchor.time())
                    && !LocalDate.of(2011, 12, 31)
                            .equals(boundary.atZone(anchor.zone()).toLocalDate())) {
                Instant next = boundary;
                Instant same = boundary;
                for (int n = 0; n < 12; n++) {
                    next = anchor.boundaryAfter(next);
                    same = moved.boundaryAfter(same);
                    assertThat(same).as("%s from %s by %s", n, moved, anchor).isEqualTo(next);
                }
            }
        }
    }

    /** The rule, spelled out: a date by the calendar, the time of day, and the offset that is valid then. */
    private List<Instant> boundaries(Anchor anchor, int upTo) {
        TreeSet<Instant> boundaries = new TreeSet<>();
        for (int n = -MARGIN; n <= upTo; n++) {
            boundaries.add(instant(date(anchor, n * anchor.term().every()).atTime(anchor.time()), anchor.zone()));
        }
        return List.copyOf(boundaries);
    }

    private LocalDate date(Anchor anchor, int units) {
        return switch (anchor.term().unit()) {
            case DAY -> LocalDate.ofEpochDay(anchor.origin().toEpochDay() + units);
            case WEEK -> LocalDate.ofEpochDay(anchor.origin().toEpochDay() + 7L * units);
            case MONTH -> dateInMonth(anchor, units);
            case YEAR -> dateInMonth(anchor, 12 * units);
        };
    }

    private LocalDate dateInMonth(Anchor anchor, int months) {
        int month = anchor.origin().getYear() * 12 + anchor.origin().getMonthValue() - 1 + months;
        LocalDate first = LocalDate.of(Math.floorDiv(month, 12), Math.floorMod(month, 12) + 1, 1);
        LocalDate last = first.plusMonths(1).minusDays(1);
        boolean tooShort = anchor.dayOfMonth() > last.getDayOfMonth();
        onShortMonth += tooShort ? 1 : 0;
        LocalDate date = tooShort ? last : first.plusDays(anchor.dayOfMonth() - 1L);
        onLeapDay += date.getMonthValue() == 2 && date.getDayOfMonth() == 29 ? 1 : 0;
        return date;
    }

    private Instant instant(LocalDateTime local, ZoneId zone) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (!offsets.isEmpty()) {
            inOverlap += offsets.size() - 1;
            return local.toInstant(offsets.getFirst());
        }
        ZoneOffsetTransition gap = zone.getRules().getTransition(local);
        inGap++;
        onSkippedDay += gap.getDuration().toHours() >= 23 ? 1 : 0;
        return local.plus(gap.getDuration()).toInstant(gap.getOffsetAfter());
    }

    private static Instant firstAfter(List<Instant> boundaries, Instant instant) {
        return boundaries.stream().filter(b -> b.isAfter(instant)).findFirst().orElseThrow();
    }

    private static Instant lastBefore(List<Instant> boundaries, Instant instant) {
        return boundaries.reversed().stream()
                .filter(b -> b.isBefore(instant))
                .findFirst()
                .orElseThrow();
    }

    private static Instant after(Instant boundary, List<Instant> boundaries) {
        return firstAfter(boundaries, boundary);
    }

    /** Every second one has a boundary that a clock change skips or repeats. */
    private Anchor anchor() {
        ZoneId zone = pick(ZONES);
        Term term = new Term(pick(List.of(1, 1, 1, 2, 3, 4, 6, 7, 12, 30, 366)), pick(List.of(Term.Unit.values())));
        ZoneOffsetTransition change =
                zone.getRules().nextTransition(between(EARLIEST, LATEST.minusSeconds(3_600L * 24 * 365 * 25)));
        if (change == null || random.nextBoolean()) {
            LocalDate origin = between(EARLIEST, LATEST).atZone(zone).toLocalDate();
            return new Anchor(origin, random.nextInt(1, 32), pick(TIMES), zone, term);
        }
        LocalDateTime first = change.isGap() ? change.getDateTimeBefore() : change.getDateTimeAfter();
        LocalDateTime local =
                first.plusSeconds(random.nextLong(Math.abs(change.getDuration().toSeconds())));
        int earlier = random.nextInt(3) * term.every();
        LocalDate origin = switch (term.unit()) {
            case DAY -> local.toLocalDate().minusDays(earlier);
            case WEEK -> local.toLocalDate().minusWeeks(earlier);
            case MONTH -> local.toLocalDate().minusMonths(earlier);
            case YEAR -> local.toLocalDate().minusYears(earlier);
        };
        return new Anchor(origin, local.getDayOfMonth(), local.toLocalTime(), zone, term);
    }

    /** Any instant of the anchor's first terms, or one of its boundaries. */
    private Instant near(Anchor anchor) {
        Instant boundary = anchor.boundary(random.nextInt(3));
        return random.nextInt(3) == 0 ? boundary : between(boundary, anchor.boundary(5));
    }

    private Instant between(Instant from, Instant to) {
        return from.plusSeconds(random.nextLong(to.getEpochSecond() - from.getEpochSecond()))
                .plusNanos(1_000L * random.nextInt(1_000_000));
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
