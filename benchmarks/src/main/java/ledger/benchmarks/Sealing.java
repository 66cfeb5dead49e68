package ledger.benchmarks;

import java.util.List;
import java.util.Map;
import ledger.benchmarks.report.Comparison;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Section;

/** What the seal takes from the commands. */
final class Sealing implements Workload {

    private static final String ON = "sealed";
    private static final String OFF = "unsealed";

    @Override
    public Section run(Bench bench) throws Exception {
        Another sealed = Another.start(bench, ON, bench.script, Map.of());
        Another unsealed = Another.start(bench, OFF, bench.script, Map.of("LEDGER_SEAL", "off"));
        Comparison rates = bench.compare("subscribe", List.of(unsealed.subscribe(), sealed.subscribe()));
        return new Section("Seal", "Closed loop on two ledgers that differ in `LEDGER_SEAL` only.")
                .with(rates)
                .with(new Finding("subscribe, sealed × not sealed", rates.ratio(ON, OFF), 0.95, 1));
    }
}
