package ledger.benchmarks;

import ledger.benchmarks.report.Section;

/** One thing that is measured. */
interface Workload {

    Section run(Bench bench) throws Exception;
}
