package ledger.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** Contenders that were measured in turns, A B C, A B C …, so that whatever disturbs the machine disturbs them alike. */
public record Comparison(String title, Map<String, List<Sample>> samples) {

    public Spread rate(String contender) {
        return spread(contender, Sample::rate);
    }

    public Spread spread(String contender, ToDoubleFunction<Sample> figure) {
        return Spread.of(of(contender).stream().map(figure::applyAsDouble).toList());
    }

    /** How many times as fast as the other, round by round. */
    public Spread ratio(String contender, String other) {
        return ratio(contender, other, Sample::rate);
    }

    public Spread ratio(String contender, String other, ToDoubleFunction<Sample> figure) {
        List<Sample> ours = of(contender);
        List<Sample> theirs = of(other);
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ours.size(); round++) {
            ratios.add(figure.applyAsDouble(ours.get(round)) / figure.applyAsDouble(theirs.get(round)));
        }
        return Spread.of(ratios);
    }

    /** Of all rounds together, in milliseconds. */
    public double latency(String contender, double percentile) {
        return latencies(contender).getValueAtPercentile(percentile) / 1e3;
    }

    Histogram latencies(String contender) {
        List<Sample> all = of(contender);
        Histogram sum = all.getFirst().latencies().copy();
        for (Sample sample : all.subList(1, all.size())) {
            sum.add(sample.latencies());
        }
        return sum;
    }

    /** Whose rates the others' are divided by. */
    String first() {
        return samples.keySet().iterator().next();
    }

    private List<Sample> of(String contender) {
        List<Sample> found = samples.get(contender);
        if (found == null) {
            throw new IllegalArgumentException("nobody was called " + contender);
        }
        return found;
    }

    String markdown() {
        StringBuilder table = new StringBuilder(
                "| %s | a second | × the first | p50 ms | p99 ms | µs application | µs PostgreSQL | µs load |%n"
                        .formatted(title));
        table.append("|---|---|---|---|---|---|---|---|\n");
        for (String name : samples.keySet()) {
            table.append("| %s | %s | %s | %s | %s | %s | %s | %s |%n"
                    .formatted(
                            name,
                            rate(name),
                            ratio(name, first()),
                            Numbers.of(latency(name, 50)),
                            Numbers.of(latency(name, 99)),
                            Numbers.of(spread(name, Sample::application).median()),
                            Numbers.of(spread(name, Sample::postgres).median()),
                            Numbers.of(spread(name, Sample::load).median())));
        }
        return table.toString();
    }
}
