package ledger.api;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** The time that the ledger can speak about: 1970 to 9999, in steps of a microsecond, as PostgreSQL stores it. */
public final class Timeline {

    private Timeline() {}

    /** The same instant at the ledger's precision; {@link IllegalArgumentException} outside the years 1970 to 9999. */
    public static Instant at(Instant instant) {
        if (instant.isBefore(Check.EARLIEST) || instant.isAfter(Check.LATEST)) {
            throw new IllegalArgumentException("must be a time from 1970 to 9999");
        }
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    /** The IANA time zone of that name; {@link IllegalArgumentException} or {@link java.time.DateTimeException} for anything else. */
    public static ZoneId zone(String id) {
        return Check.zone(ZoneId.of(id));
    }
}
