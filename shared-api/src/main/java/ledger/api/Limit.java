package ledger.api;

/**
 * A plan's bound on a metric: at most {@code max} (0 to 2<sup>53</sup>-1) in a period, or at most that many held at a time.
 * A {@code HARD} limit refuses what exceeds it, a {@code SOFT} one records and flags it.
 */
public record Limit(Metric metric, long max, Kind kind, Mode mode) {

    public enum Kind {
        PER_PERIOD,
        ALLOCATION
    }

    public enum Mode {
        HARD,
        SOFT
    }

    public Limit {
        Check.between(max, 0, Money.MOST);
    }
}
