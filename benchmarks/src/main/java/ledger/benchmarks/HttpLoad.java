package ledger.benchmarks;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import ledger.benchmarks.load.Load;
import ledger.benchmarks.load.Outcome;
import ledger.benchmarks.load.Requests;

/** Servers under a closed loop of requests, which are spread over them. */
record HttpLoad(String name, List<Child> servers, int connections, Requests requests) implements Contender {

    @Override
    public List<ProcessHandle> applications() {
        return servers.stream().map(Child::process).toList();
    }

    @Override
    public Run run(Duration time) {
        return run(Load.closed(addresses(), connections, requests, time));
    }

    Run open(double rate, Duration time) {
        return run(Load.open(addresses(), connections, requests, rate, time));
    }

    private List<InetSocketAddress> addresses() {
        return servers.stream().map(Child::address).toList();
    }

    private static Run run(Outcome outcome) {
        return new Run(outcome.rate(), outcome.count(), outcome.latencies());
    }
}
