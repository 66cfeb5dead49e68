package ledger.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import ledger.benchmarks.report.Finding;
import ledger.benchmarks.report.Section;
import ledger.benchmarks.report.Spread;

/** How late deadlines fire when there is nothing else to do. */
final class Lateness implements Workload {

    private static final int COUNT = 200;
    private static final Duration AHEAD = Duration.ofSeconds(4);
    private static final Duration APART = Duration.ofMillis(17);

    private static final String LATE = """
        select coalesce(extract(epoch from percentile_cont(?) within group (order by recorded_at - effective_at)), 0) * 1000, count(*)
        from ledger.event where type = 'subscription.resumed' and stream_id = any (?)
        """;

    @Override
    public Section run(Bench bench) throws Exception {
        Api api = bench.node.api();
        String token = api.tokens("operator", "default", 1).getFirst();
        Instant first = Instant.now().plus(AHEAD).truncatedTo(ChronoUnit.MILLIS);
        List<UUID> subscriptions = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            String id = bench.shop.subscription(i);
            subscriptions.add(UUID.fromString(id));
            Instant resume = latest(first.plus(APART.multipliedBy(i)));
            api.post("/v1/subscriptions/" + id + "/pause", token, Map.of("resumeAt", resume.toString()));
        }
        try (Connection connection = bench.postgres.connect()) {
            long deadline = System.nanoTime()
                    + AHEAD.plus(APART.multipliedBy(COUNT)).plusSeconds(30).toNanos();
            while (late(connection, subscriptions, 0.5)[1] < COUNT) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("not all deadlines fired");
                }
                Thread.sleep(200);
            }
            return new Section("Deadlines", """
                %d paused subscriptions that resume at instants %d ms apart; late is what the event was recorded after the instant at which \
                it took effect, by the clocks of this machine.
                """.formatted(COUNT, APART.toMillis()))
                    .with(
                            new Finding(
                                    "lateness of a deadline, idle, p50 ms",
                                    millis(connection, subscriptions, 0.5),
                                    1000,
                                    100),
                            new Finding(
                                    "lateness of a deadline, idle, p99 ms",
                                    millis(connection, subscriptions, 0.99),
                                    1000,
                                    100));
        }
    }

    /** What was asked for so late that it would not lie ahead lies a little ahead. */
    private static Instant latest(Instant wanted) {
        Instant soon = Instant.now().plusMillis(500);
        return wanted.isBefore(soon) ? soon : wanted;
    }

    private static Spread millis(Connection connection, List<UUID> subscriptions, double share) throws Exception {
        return Spread.of(late(connection, subscriptions, share)[0]);
    }

    /** Milliseconds, and of how many. */
    private static double[] late(Connection connection, List<UUID> subscriptions, double share) throws Exception {
        try (PreparedStatement select = connection.prepareStatement(LATE)) {
            select.setDouble(1, share);
            select.setArray(2, connection.createArrayOf("uuid", subscriptions.toArray()));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new double[] {row.getDouble(1), row.getDouble(2)};
            }
        }
    }
}
