package ledger.api;

import java.util.Locale;

/** How long a period is: {@code {"every": 3, "unit": "MONTH"}} is a quarter. {@code every} is 1 to 366. */
public record Term(int every, Unit unit) {

    public enum Unit {
        DAY,
        WEEK,
        MONTH,
        YEAR
    }

    public static final Term MONTHLY = new Term(1, Unit.MONTH);
    public static final Term YEARLY = new Term(1, Unit.YEAR);

    public Term {
        Check.between(every, 1, 366);
    }

    @Override
    public String toString() {
        String name = unit.name().toLowerCase(Locale.ROOT);
        return every == 1 ? name : every + " " + name + "s";
    }
}
