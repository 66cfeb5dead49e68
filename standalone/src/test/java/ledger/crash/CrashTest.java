package ledger.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import ledger.crash.Audit.Finding;
import ledger.crash.Figures.Figure;
import ledger.crash.Wire.Direction;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Two nodes of both sides over one PostgreSQL are killed, cut off, stopped in their tracks and run out of disk while clients
 * command them. Afterwards everything that was acknowledged is there, once, and whatever is kept beside the events says the
 * same as they do.
 *
 * <p>A few of each in the build; for as long as one likes with {@code -Dcrash.rounds=1000}. {@code -Dcrash.seed=…} makes the same
 * choices again, though what they meet is never twice the same.
 */
@TestMethodOrder(OrderAnnotation.class)
class CrashTest {

    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("crash.rounds", 0);
    private static final int ROUNDS_OF_ONE_CLUSTER = 10;
    private static final int CUTS_IN_A_ROW = 10;

    private enum Fault {
        CUT,
        SILENCE,
        PAUSE,
        KILL_BACKEND,
        KILL_POSTGRES,
        KILL_NODE,
        FULL_DISK,
        FULL_LOG
    }

    /** For the build: each kind, cuts more often, since they cost nothing. */
    private static final List<Fault> A_FEW_OF_EACH = List.of(
            Fault.CUT,
            Fault.KILL_BACKEND,
            Fault.CUT,
            Fault.PAUSE,
            Fault.SILENCE,
            Fault.CUT,
            Fault.KILL_POSTGRES,
            Fault.KILL_NODE,
            Fault.FULL_DISK,
            Fault.FULL_LOG,
            Fault.CUT);

    /** For longer: what is cheap more often, and kills most of all. */
    private static final List<Fault> AT_RANDOM = Stream.of(
                    "CUT CUT CUT SILENCE PAUSE FULL_DISK FULL_LOG KILL_BACKEND KILL_BACKEND KILL_BACKEND",
                    "KILL_POSTGRES KILL_POSTGRES KILL_POSTGRES KILL_POSTGRES KILL_NODE KILL_NODE KILL_NODE KILL_NODE")
            .flatMap(line -> Stream.of(line.split(" ")))
            .map(Fault::valueOf)
            .toList();

    private static final Figures figures = new Figures();
    private static boolean diskWasFull;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    @Order(1)
    void whatWasAcknowledgedIsThereOnceWhateverHappens() throws Exception {
        System.out.println("crash.seed=" + SEED);
        if (ROUNDS == 0) {
            List<Fault> faults = new ArrayList<>(A_FEW_OF_EACH);
            Collections.shuffle(faults, new Random(SEED));
            suffer(faults);
        }
        for (int left = ROUNDS; left > 0; left -= ROUNDS_OF_ONE_CLUSTER) {
            suffer(random.ints(Math.min(left, ROUNDS_OF_ONE_CLUSTER), 0, AT_RANDOM.size())
                    .mapToObj(AT_RANDOM::get)
                    .toList());
        }
    }

    @Test
    @Order(2)
    void alsoOnADiskThatWasFull() {
        assumeTrue(ROUNDS > 0 || diskWasFull, "no disk was filled: this machine lets us mount none");
    }

    private void suffer(List<Fault> faults) throws Exception {
        try (Cluster cluster = new Cluster(Path.of("target/crash", Long.toString(System.nanoTime())))) {
            Audit audit = new Audit();
            try (Traffic traffic = new Traffic(cluster.nodes(), random.nextLong())) {
                cluster.nodes().forEach(traffic::awaitAnswersOf);
                for (Fault fault : faults) {
                    inflict(fault, cluster, traffic);
                    cluster.nodes().forEach(traffic::awaitAnswersOf);
                    figures.add(Figure.ROUNDS, 1);
                    System.out.printf("%tT %s: %s%n", System.currentTimeMillis(), fault, figures);
                }
                traffic.stop();
                examine(audit, cluster, traffic);
            }
            audit.views(cluster.database());
            figures.add(audit.findings());
            System.out.println(figures);
            assertThat(audit.findings()).isEmpty();
        }
    }

    private void inflict(Fault fault, Cluster cluster, Traffic traffic) throws Exception {
        List<NodeProcess> nodes = cluster.nodes();
        int unlucky = random.nextInt(nodes.size());
        NodeProcess node = nodes.get(unlucky);
        NodeProcess other = nodes.get(1 - unlucky);
        switch (fault) {
            case CUT -> {
                for (int i = 0; i < CUTS_IN_A_ROW; i++) {
                    cut(nodes.get(random.nextInt(nodes.size())));
                }
            }
            case SILENCE -> {
                node.wire().silence();
                traffic.awaitAnswersOf(other);
                if (random.nextBoolean()) {
                    node.wire().cutAll();
                }
                node.wire().speak();
                figures.add(Figure.SILENCES, 1);
            }
            case PAUSE -> {
                node.pause();
                try {
                    traffic.awaitAnswersOf(other);
                    awaitTakeover(cluster, ROUNDS > 0 && random.nextInt(4) == 0 ? LEASES : CLAIMS);
                } finally {
                    node.resume();
                }
                figures.add(Figure.PAUSES, 1);
            }
            case KILL_BACKEND -> {
                cluster.killBackend(random);
                figures.add(Figure.BACKENDS_KILLED, 1);
            }
            case KILL_POSTGRES -> {
                cluster.killPostgres();
                figures.add(Figure.POSTGRES_KILLED, 1);
            }
            case KILL_NODE -> {
                cluster.killNode(node);
                figures.add(Figure.NODES_KILLED, 1);
            }
            case FULL_DISK -> {
                if (cluster.hasSmallDisk()) {
                    cluster.fillDisk();
                    diskWasFull = true;
                    figures.add(Figure.FULL_DISKS, 1);
                }
            }
            case FULL_LOG -> {
                if (cluster.hasSmallDisk()) {
                    cluster.fillLog();
                    figures.add(Figure.FULL_LOGS, 1);
                }
            }
        }
    }

    /** Few bytes go to a node while it appends, and the most telling ones are between its commit and the answer. */
    private void cut(NodeProcess node) throws InterruptedException {
        boolean toServer = random.nextBoolean();
        node.wire()
                .cutBehind(
                        random.nextInt(1, toServer ? 20_000 : 3_000),
                        toServer ? Direction.TO_SERVER : Direction.TO_NODE);
        figures.add(Figure.CUTS, 1);
    }

    /** Longer than a node keeps its claim on a group of views without a sign of life, and than its lease on what is due. */
    private static final Duration CLAIMS = Duration.ofSeconds(6);

    private static final Duration LEASES = Duration.ofSeconds(35);

    /** Returns when another node has moved the views on for longer than the claims of a silent one last. */
    private static void awaitTakeover(Cluster cluster, Duration patience) {
        JdbcClient sql = JdbcClient.create(cluster.database().dataSource());
        String since =
                sql.sql("select clock_timestamp()::text").query(String.class).single();
        await("another node moves the views on")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> sql.sql("select min(claimed_at) > ?::timestamptz + ?::interval from views.projection "
                                + "where stage = 'SERVED'")
                        .params(since, patience.toString())
                        .query(Boolean.class)
                        .single());
    }

    private static void examine(Audit audit, Cluster cluster, Traffic traffic) throws Exception {
        List<URI> nodes = cluster.nodes().stream().map(NodeProcess::url).toList();
        figures.add(Figure.REPEATED, audit.repeat(traffic.exchanges(), traffic.courier(), nodes));
        traffic.contests().forEach(audit::contest);
        traffic.stale().forEach(view -> audit.find(Finding.STALE_VIEW, view));
        traffic.failures().forEach(failure -> System.out.println("failed: " + failure));
        count(traffic);
        SealCheck seal = new SealCheck(cluster.database());
        awaitQuiet(cluster);
        seal.awaitHead();
        figures.add(Figure.APPENDS_TRIED_AGAIN, cluster.said("could not store"));
        cluster.stopNodes();
        audit.ledger(cluster.database(), traffic.exchanges());
        audit.seal(seal);
        figures.add(Figure.CHECKPOINTS, seal.checkpoints());
    }

    private static void count(Traffic traffic) {
        for (Exchange exchange : traffic.exchanges()) {
            figures.add(
                    exchange.reply() == null
                            ? Figure.UNKNOWN
                            : exchange.reply().isDone() ? Figure.ACKNOWLEDGED : Figure.REFUSED,
                    1);
        }
        figures.add(Figure.UNANSWERED, traffic.unanswered());
        figures.add(Figure.FAILURES, traffic.failures().size());
        figures.add(Figure.LOOKS, traffic.looks());
        traffic.contests().forEach(contest -> figures.add(Figure.CONTESTED, contest.size()));
    }

    /** Everything that was due has happened, nothing is for a while, and the views show it all. */
    private static void awaitQuiet(Cluster cluster) {
        JdbcClient sql = JdbcClient.create(cluster.database().dataSource());
        await("what is due has happened")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> sql.sql("select count(*) = 0 from ledger.due where due_at < now() + interval '1 minute'")
                        .query(Boolean.class)
                        .single());
        FreshFold.awaitHead(sql);
    }
}
