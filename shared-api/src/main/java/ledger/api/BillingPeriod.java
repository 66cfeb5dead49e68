package ledger.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.time.Instant;

/**
 * The half-open time {@code [start, end)} that one charge pays for, numbered from 1; number 0 is the trial. {@code tzdb} is
 * the version of the time zone database by which the boundary was computed, so that the dates explain themselves for ever.
 */
public record BillingPeriod(int number, Instant start, Instant end, String tzdb) {

    /** The part of this period from {@code from} on, as a share of microseconds; nothing outside the period. */
    public long microsFrom(Instant from) {
        Instant begin = from.isBefore(start) ? start : from;
        return begin.isBefore(end) ? Duration.between(begin, end).toNanos() / 1000 : 0;
    }

    /** Its length in microseconds. */
    public long micros() {
        return microsFrom(start);
    }

    @JsonIgnore
    public boolean isTrial() {
        return number == 0;
    }

    public boolean contains(Instant instant) {
        return !instant.isBefore(start) && instant.isBefore(end);
    }
}
