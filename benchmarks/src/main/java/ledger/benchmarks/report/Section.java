package ledger.benchmarks.report;

import java.util.List;

/** What one workload came to. The text says what was done, and what ran in each process. */
public record Section(
        String title, String text, List<Comparison> comparisons, List<Finding> findings, List<Chart> charts) {

    public Section(String title, String text) {
        this(title, text, List.of(), List.of(), List.of());
    }

    public Section with(Comparison... more) {
        return new Section(title, text, List.of(more), findings, charts);
    }

    public Section with(Finding... more) {
        return new Section(title, text, comparisons, List.of(more), charts);
    }

    public Section with(Chart... more) {
        return new Section(title, text, comparisons, findings, List.of(more));
    }
}
