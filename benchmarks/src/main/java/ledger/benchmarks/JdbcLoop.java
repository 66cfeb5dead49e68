package ledger.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/** Does what {@link Pgbench} does on machines that have none: more processor time for the client, the same for the server. */
record JdbcLoop(Yardstick yardstick, int clients) implements Contender {

    @Override
    public String name() {
        return "JDBC loop, " + clients + " clients";
    }

    @Override
    public Run run(Duration time) throws Exception {
        Histogram all = Contender.histogram();
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            List<Callable<Histogram>> loops = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                loops.add(() -> insert(time));
            }
            for (Future<Histogram> loop : threads.invokeAll(loops)) {
                all.add(loop.get());
            }
        }
        return new Run(all.getTotalCount() / (time.toNanos() / 1e9), all.getTotalCount(), all);
    }

    private Histogram insert(Duration time) throws Exception {
        Histogram latencies = Contender.histogram();
        try (Connection connection = yardstick.database().connect();
                PreparedStatement insert =
                        connection.prepareStatement(Yardstick.INSERT.formatted("?::json", "?::json"))) {
            insert.setString(1, yardstick.payload());
            insert.setString(2, yardstick.metadata());
            long end = System.nanoTime() + time.toNanos();
            for (long begin = System.nanoTime(); begin < end; ) {
                insert.executeUpdate();
                long now = System.nanoTime();
                latencies.recordValue((now - begin) / 1000);
                begin = now;
            }
        }
        return latencies;
    }
}
