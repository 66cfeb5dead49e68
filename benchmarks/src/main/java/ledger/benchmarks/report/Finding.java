package ledger.benchmarks.report;

/** A figure that has a target. Where the aim is below what must be reached, less is better. */
public record Finding(String what, Spread measured, double must, double aim) {

    /** In a word. */
    public String verdict() {
        boolean lessIsBetter = aim < must;
        double value = measured.median();
        if (lessIsBetter ? value <= aim : value >= aim) {
            return "aim reached";
        }
        if (lessIsBetter ? value <= must : value >= must) {
            return "reached";
        }
        double share = lessIsBetter ? value / must : must / Math.max(value, 1e-9);
        return "**missed**, by a factor of " + Numbers.of(share);
    }

    static String header() {
        return "| what | must | aim | measured | |\n|---|---|---|---|---|\n";
    }

    String row() {
        return "| " + what + " | " + Numbers.of(must) + " | " + Numbers.of(aim) + " | " + measured + " | " + verdict()
                + " |\n";
    }
}
