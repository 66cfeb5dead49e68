package ledger.benchmarks.report;

import java.util.Locale;

/** Numbers as people read them: three digits, and thousands set apart. */
final class Numbers {

    private Numbers() {}

    static String of(double value) {
        double size = Math.abs(value);
        String pattern = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 || size == 0 ? "%.2f" : "%.4f";
        return String.format(Locale.ROOT, pattern, value);
    }
}
