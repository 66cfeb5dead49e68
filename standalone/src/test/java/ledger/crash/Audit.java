package ledger.crash;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import ledger.api.SubscriptionEvent.Activated;
import ledger.api.SubscriptionEvent.Renewed;
import ledger.api.SubscriptionEvent.Subscribed;
import ledger.api.UsageEvent;
import ledger.crash.Exchange.Reply;
import ledger.testing.TestDatabase;
import ledger.verifier.Unverifiable;
import ledger.verifier.Verdict;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Compares what the ledger holds with what was acknowledged, and what it keeps beside the events with what they say. */
final class Audit {

    enum Finding {
        LOST,
        DOUBLED,
        GAP,
        OTHER_ANSWER,
        CLAIM,
        DUE,
        BILLED_TWICE,
        OTHER_ORDER,
        STALE_VIEW,
        SEAL,
        VIEW
    }

    private final Map<Finding, List<String>> findings = new EnumMap<>(Finding.class);

    Map<Finding, List<String>> findings() {
        return findings;
    }

    void find(Finding finding, String what) {
        findings.computeIfAbsent(finding, _ -> new ArrayList<>()).add(what);
    }

    /** Sends everything again that had a key: each is to get the first answer, byte for byte. Returns how many. */
    int repeat(Collection<Exchange> exchanges, Courier courier, List<URI> nodes)
            throws InterruptedException, ExecutionException {
        List<Exchange> kept = exchanges.stream().filter(Exchange::isKept).toList();
        Semaphore atOnce = new Semaphore(16);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<@Nullable Reply>> again = new ArrayList<>();
            for (Exchange exchange : kept) {
                URI node = nodes.get(again.size() % nodes.size());
                atOnce.acquire();
                again.add(threads.submit(() -> {
                    try {
                        return courier.send(node, exchange.request());
                    } finally {
                        atOnce.release();
                    }
                }));
            }
            for (int i = 0; i < kept.size(); i++) {
                Reply reply = again.get(i).get();
                if (!kept.get(i).isAnsweredBy(reply)) {
                    find(Finding.OTHER_ANSWER, kept.get(i) + " and then " + reply);
                }
            }
        }
        return kept.size();
    }

    /** All that the ledger holds at one moment, for its deadlines go on. */
    void ledger(TestDatabase database, Collection<Exchange> exchanges) {
        DataSource source = database.dataSource();
        JdbcClient sql = JdbcClient.create(source);
        TransactionTemplate moment = new TransactionTemplate(new JdbcTransactionManager(source));
        moment.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        moment.executeWithoutResult(_ -> {
            List<Recorded> events = Recorded.all(sql);
            gaps(events);
            acknowledged(events, exchanges);
            billedOnce(events);
            new Derived(events).compare(sql, (finding, rows) -> rows.forEach(row -> find(finding, row)));
        });
    }

    void contest(Contest<?> contest) {
        if (!contest.isLinearizable()) {
            find(Finding.OTHER_ORDER, contest.toString());
        }
    }

    /** The views that are served, against those that fold the ledger anew. */
    void views(TestDatabase database) throws SQLException {
        FreshFold.differences(database).forEach(row -> find(Finding.VIEW, row));
    }

    /** What was signed at any time is what the ledger holds. */
    void seal(SealCheck seal) throws IOException, SQLException {
        try {
            Verdict verdict = seal.verdict();
            if (!(verdict instanceof Verdict.Intact)) {
                find(Finding.SEAL, verdict.toString());
            }
        } catch (Unverifiable e) {
            find(Finding.SEAL, String.valueOf(e.getMessage()));
        }
    }

    private void gaps(List<Recorded> events) {
        Map<UUID, Long> versions = new HashMap<>();
        for (int i = 0; i < events.size(); i++) {
            Recorded event = events.get(i);
            if (event.position() != i + 1) {
                find(Finding.GAP, "position " + event.position() + " instead of " + (i + 1));
                return;
            }
            long expected = versions.merge(event.stream(), 0L, (last, _) -> last + 1);
            if (event.version() != expected) {
                find(Finding.GAP, event + " instead of version " + expected);
            }
        }
    }

    /** What was acknowledged is there, at its place; what was refused is not; and nothing is there twice. */
    private void acknowledged(List<Recorded> events, Collection<Exchange> exchanges) {
        Map<Long, Recorded> places = events.stream().collect(toMap(Recorded::position, event -> event));
        Map<String, List<Recorded>> effects =
                events.stream().filter(event -> event.request() != null).collect(groupingBy(Recorded::request));
        for (Exchange exchange : exchanges) {
            List<Recorded> effect = effects.getOrDefault(exchange.request().id(), List.of());
            if (effect.stream().map(Recorded::cause).distinct().count() > 1) {
                find(Finding.DOUBLED, exchange + " led to " + effect);
            }
            Reply reply = exchange.reply();
            if (reply != null && !reply.isDone() && !effect.isEmpty()) {
                find(Finding.DOUBLED, exchange + " led to " + effect);
            }
            if (reply != null && reply.isDone() && !isThere(reply, places, effect)) {
                find(Finding.LOST, exchange + " led to " + effect);
            }
        }
    }

    private static boolean isThere(Reply reply, Map<Long, Recorded> places, List<Recorded> effect) {
        Recorded place = places.get(Long.parseLong(reply.position()));
        return place != null
                && reply.etag().equals(place.event() instanceof UsageEvent ? "" : "\"" + place.version() + "\"")
                && (effect.isEmpty() || effect.getLast().equals(place));
    }

    /** No period of a subscription is charged by two events. */
    private void billedOnce(List<Recorded> events) {
        Set<String> billed = new HashSet<>();
        for (Recorded recorded : events) {
            Integer period = switch (recorded.event()) {
                case Subscribed e -> e.period().number();
                case Activated e -> e.period().number();
                case Renewed e -> e.period().number();
                default -> null;
            };
            if (period != null && !billed.add(recorded.stream() + " " + period)) {
                find(Finding.BILLED_TWICE, recorded.toString());
            }
        }
    }
}
