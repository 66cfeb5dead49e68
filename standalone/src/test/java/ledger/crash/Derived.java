package ledger.crash;

import static java.util.stream.Collectors.toCollection;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiConsumer;
import ledger.api.SubscriptionEvent;
import ledger.command.domain.Claims;
import ledger.command.domain.Due;
import ledger.command.domain.Evolve;
import ledger.command.domain.SubscriptionState;
import ledger.crash.Audit.Finding;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What events say of claims and of what is due, by the rules of the domain and nothing else. */
final class Derived {

    private final Map<UUID, SubscriptionState> states = new HashMap<>();
    private final Map<UUID, List<String>> claims = new HashMap<>();

    Derived(List<Recorded> events) {
        for (Recorded recorded : events) {
            if (recorded.event() instanceof SubscriptionEvent event) {
                SubscriptionState before = states.getOrDefault(recorded.stream(), new SubscriptionState.Unborn());
                states.put(recorded.stream(), Evolve.evolve(before, event));
                Claims.of(before, event).forEach(change -> claim(recorded, change));
            }
        }
    }

    private void claim(Recorded recorded, Claims change) {
        List<String> held = claims.computeIfAbsent(recorded.stream(), _ -> new ArrayList<>());
        String holder = recorded.tenant() + " " + recorded.stream() + " ";
        switch (change) {
            case Claims.Take take -> held.add(holder + take.scope() + " " + take.key());
            case Claims.Release release -> held.removeIf(one -> one.startsWith(holder + release.scope() + " "));
        }
    }

    void compare(JdbcClient sql, BiConsumer<Finding, Collection<String>> found) {
        TreeSet<String> due = new TreeSet<>();
        states.forEach((stream, state) -> Due.next(state).ifPresent(next -> due.add(stream + " " + next)));
        found.accept(
                Finding.DUE,
                differences(
                        due,
                        sql.sql("select stream_id, due_at, what from ledger.due")
                                .query((row, _) -> row.getObject(1, UUID.class) + " "
                                        + new Due(
                                                row.getObject(2, OffsetDateTime.class)
                                                        .toInstant(),
                                                Due.What.valueOf(row.getString(3))))
                                .list()));
        found.accept(
                Finding.CLAIM,
                differences(
                        claims.values().stream().flatMap(List::stream).collect(toCollection(TreeSet::new)),
                        sql.sql("select tenant || ' ' || stream_id || ' ' || scope || ' ' || key from ledger.claim")
                                .query((row, _) -> row.getString(1))
                                .list()));
    }

    /** In one of them and not in the other. */
    static Collection<String> differences(Collection<String> expected, Collection<String> present) {
        TreeSet<String> missing = new TreeSet<>(expected);
        missing.removeAll(present);
        TreeSet<String> surplus = new TreeSet<>(present);
        surplus.removeAll(expected);
        List<String> all = new ArrayList<>();
        missing.forEach(row -> all.add("missing: " + row));
        surplus.forEach(row -> all.add("surplus: " + row));
        return all;
    }
}
