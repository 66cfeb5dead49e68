package ledger.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;

/**
 * The half-open time {@code [start, end)} that one charge pays for, numbered from 1; number 0 is the trial. {@code tzdb} is
 * the version of the time zone database by which the boundary was computed, so that the dates explain themselves for ever.
 */
public record BillingPeriod(int number, Instant start, Instant end, String tzdb) {

    @JsonIgnore
    public boolean isTrial() {
        return number == 0;
    }

    public boolean contains(Instant instant) {
        return !instant.isBefore(start) && instant.isBefore(end);
    }
}
