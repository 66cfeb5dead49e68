package ledger.benchmarks.report;

import java.util.List;

/** A median, with the least and the greatest beside it. */
public record Spread(double least, double median, double greatest) {

    public static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(sorted.getFirst(), median, sorted.getLast());
    }

    public static Spread of(double value) {
        return new Spread(value, value, value);
    }

    /** With two or more digits that mean something. */
    @Override
    public String toString() {
        return least == greatest
                ? Numbers.of(median)
                : Numbers.of(median) + " (" + Numbers.of(least) + " – " + Numbers.of(greatest) + ")";
    }
}
