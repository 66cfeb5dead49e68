package ledger.benchmarks.report;

import org.HdrHistogram.Histogram;

/** One measured run. Latencies are microseconds from when an operation was to start; processor times, microseconds an operation. */
public record Sample(double rate, long count, Histogram latencies, double application, double postgres, double load) {}
