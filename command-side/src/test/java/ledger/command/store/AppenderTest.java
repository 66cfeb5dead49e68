package ledger.command.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.api.TenantId;
import ledger.command.domain.Claims;
import ledger.command.store.Append.DueChange;
import ledger.command.store.Append.Guard;
import ledger.command.store.Append.NewEvent;
import ledger.command.store.Append.Outcome;
import ledger.command.store.Append.Outcome.Answered;
import ledger.command.store.Append.Outcome.Lost;
import ledger.command.store.Append.Outcome.Stored;
import ledger.command.store.Append.Outcome.Taken;
import ledger.testing.TestDatabase;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The promises of the ledger, on two nodes and a real database. */
class AppenderTest {

    private static final TenantId TENANT = new TenantId("default");
    private static final Instant THEN = Instant.parse("2026-01-31T12:00:00Z");

    private static TestDatabase test;
    private static DataSource database;
    private static JdbcClient sql;
    private static Appender one;
    private static Appender two;

    @BeforeAll
    static void migrate() {
        test = TestDatabase.create();
        database = test.dataSource();
        Flyway.configure()
                .dataSource(database)
                .schemas("ledger")
                .locations("classpath:db/ledger")
                .load()
                .migrate();
        sql = JdbcClient.create(database);
        one = new Appender(database, new SimpleMeterRegistry());
        two = new Appender(database, new SimpleMeterRegistry());
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
    }

    @Test
    void positionsAreGaplessAndInCommitOrderWhileThirtyTwoThreadsOfTwoNodesAppendAndSomeFail() throws Exception {
        long before = head();
        AtomicBoolean done = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Long>> reader = threads.submit(() -> follow(before, done));
            List<Future<Integer>> writers = new ArrayList<>();
            for (int seed = 0; seed < 32; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                writers.add(threads.submit(() -> appendMany(random)));
            }
            int stored = 0;
            for (Future<Integer> writer : writers) {
                stored += writer.get();
            }
            done.set(true);
            List<Long> seen = reader.get();

            assertThat(stored).isGreaterThan(1000);
            assertThat(head() - before).isEqualTo(stored);
            // A reader that has seen n has seen everything up to n, at every moment.
            for (int i = 0; i < seen.size(); i++) {
                assertThat(seen.get(i)).isEqualTo(before + 1 + i);
            }
            assertThat(seen).hasSize(stored);
        }
        assertThat(sql.sql("""
                        select count(*) from (select count(*) n, max(version) v from ledger.event group by stream_id) s
                        where n <> v + 1
                        """).query(Long.class).single()).isZero();
    }

    @Test
    void ofTwoCommandsOnOneStreamAtTheSameVersionOneIsStoredAndTheOtherIsToldSo() throws Exception {
        for (int round = 0; round < 50; round++) {
            UUID stream = Uuid7.next();
            assertThat(one.append(events(stream, 0))).isInstanceOf(Stored.class);
            List<Outcome> outcomes = together(() -> one.append(events(stream, 1)), () -> two.append(events(stream, 1)));
            assertThat(outcomes).filteredOn(Stored.class::isInstance).hasSize(1);
            assertThat(outcomes).filteredOn(Lost.class::isInstance).hasSize(1);
            assertThat(versions(stream)).containsExactly(0L, 1L);
        }
    }

    @Test
    void aStreamIsStartedOnce() {
        UUID stream = Uuid7.next();
        assertThat(one.append(events(stream, 0, 1))).isInstanceOf(Stored.class);
        assertThat(two.append(events(stream, 0))).isEqualTo(new Lost(true));
    }

    @Test
    void ofTwoHundredThatClaimTheSameSlotExactlyOneGetsIt() throws Exception {
        Claims claim = new Claims.Take(Claims.LIVE, "app/" + Uuid7.next(), 1);
        List<Callable<Outcome>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Appender node = i % 2 == 0 ? one : two;
            all.add(() -> node.append(claiming(Uuid7.next(), 0, claim)));
        }
        List<Outcome> outcomes = together(all);
        assertThat(outcomes).filteredOn(Stored.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(Taken.class::isInstance).hasSize(199);
    }

    @Test
    void asManySlotsAreGivenAsTheBoundSaysAndOneIsFreeAgainWhenItsHolderEnds() {
        String key = "app/" + Uuid7.next();
        Claims claim = new Claims.Take(Claims.LIVE, key, 2);
        UUID first = Uuid7.next();
        assertThat(one.append(claiming(first, 0, claim))).isInstanceOf(Stored.class);
        assertThat(two.append(claiming(Uuid7.next(), 0, claim))).isInstanceOf(Stored.class);
        assertThat(one.append(claiming(Uuid7.next(), 0, claim))).isEqualTo(new Taken(Claims.LIVE, key));

        assertThat(one.append(claiming(first, 1, new Claims.Release(Claims.LIVE, key))))
                .isInstanceOf(Stored.class);
        assertThat(two.append(claiming(Uuid7.next(), 0, claim))).isInstanceOf(Stored.class);
        assertThat(two.append(claiming(Uuid7.next(), 0, claim))).isInstanceOf(Taken.class);
    }

    @Test
    void whatIsGivenBackAndTakenAgainInOneCommandStaysHeld() {
        String key = "app/" + Uuid7.next();
        Claims claim = new Claims.Take(Claims.LIVE, key, 1);
        UUID stream = Uuid7.next();
        assertThat(one.append(claiming(stream, 0, claim))).isInstanceOf(Stored.class);
        assertThat(one.append(claiming(stream, 1, new Claims.Release(Claims.LIVE, key), claim)))
                .isInstanceOf(Stored.class);
        assertThat(two.append(claiming(Uuid7.next(), 0, claim))).isInstanceOf(Taken.class);
    }

    @Test
    void aCommandStoresEverythingOrNothing() {
        Claims claim = new Claims.Take(Claims.LIVE, "app/" + Uuid7.next(), 1);
        assertThat(one.append(claiming(Uuid7.next(), 0, claim))).isInstanceOf(Stored.class);
        UUID stream = Uuid7.next();
        Append loser = new Append(
                TENANT,
                events(stream, 0, 1).events(),
                List.of(new Claims.Take(Claims.REFERENCE, "ref-" + stream, 1), claim),
                new DueChange(TENANT, stream, THEN, "RENEWAL"),
                List.of(),
                answer("key-" + stream, stream));
        long before = head();

        assertThat(one.append(loser)).isInstanceOf(Taken.class);

        assertThat(head()).isEqualTo(before);
        assertThat(versions(stream)).isEmpty();
        assertThat(count("ledger.claim where stream_id = '" + stream + "'")).isZero();
        assertThat(count("ledger.due where stream_id = '" + stream + "'")).isZero();
        assertThat(count("ledger.idempotency where key = 'key-" + stream + "'")).isZero();
    }

    @Test
    void whatADecisionDependedOnMustStillHold() {
        UUID plan = Uuid7.next();
        assertThat(one.append(events(plan, 0))).isInstanceOf(Stored.class);
        assertThat(one.append(guarded(Uuid7.next(), plan, 0))).isInstanceOf(Stored.class);
        assertThat(two.append(events(plan, 1))).isInstanceOf(Stored.class);
        assertThat(one.append(guarded(Uuid7.next(), plan, 0))).isEqualTo(new Lost(false));
        assertThat(one.append(guarded(Uuid7.next(), Uuid7.next(), -1))).isInstanceOf(Stored.class);
    }

    @Test
    void aKeyHasOneAnswerForEverAlsoWhenItsRequestsArriveTogether() throws Exception {
        String key = "key-" + Uuid7.next();
        List<Callable<Outcome>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Appender node = i % 2 == 0 ? one : two;
            UUID stream = Uuid7.next();
            all.add(() -> node.append(
                    new Append(TENANT, events(stream, 0).events(), List.of(), null, List.of(), answer(key, stream))));
        }
        List<Outcome> outcomes = together(all);
        assertThat(outcomes).filteredOn(Stored.class::isInstance).hasSize(1);
        long position = ((Stored) outcomes.stream()
                        .filter(Stored.class::isInstance)
                        .findFirst()
                        .orElseThrow())
                .position();
        assertThat(outcomes)
                .filteredOn(Answered.class::isInstance)
                .hasSize(39)
                .allSatisfy(again ->
                        assertThat(((Answered) again).first().position()).isEqualTo(position));
    }

    @Test
    void whatTheDatabaseRefusesFailsAloneAndNotItsNeighbours() throws Exception {
        List<Callable<Outcome>> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            UUID stream = Uuid7.next();
            String payload = i % 10 == 0 ? "{\"no json" : "{}";
            all.add(() -> {
                try {
                    return one.append(plain(List.of(event(stream, 0, payload))));
                } catch (IllegalStateException refused) {
                    return new Lost(false);
                }
            });
        }
        List<Outcome> outcomes = together(all);
        assertThat(outcomes).filteredOn(Stored.class::isInstance).hasSize(54);
    }

    @Test
    void whatWasStoredIsReturnedByteForByte() {
        UUID stream = Uuid7.next();
        String payload = "{ \"b\":1.50,\"a\" : \"\\u00e4 ä \\\"\", \"b\":2e3,  \"z\":[1,2 ]}";
        assertThat(one.append(plain(List.of(event(stream, 0, payload))))).isInstanceOf(Stored.class);
        assertThat(sql.sql("select payload::text from ledger.event where stream_id = ?")
                        .param(stream)
                        .query(String.class)
                        .single())
                .isEqualTo(payload);
    }

    @ParameterizedTest
    @CsvSource({
        "none, update ledger.event set tenant = 'other'",
        "none, delete from ledger.event",
        "none, truncate ledger.event",
        "ledger_command, update ledger.event set payload = '{}'",
        "ledger_command, delete from ledger.event",
        "ledger_command, truncate ledger.event",
        "ledger_query, update ledger.event set position = position + 1",
        "ledger_query, delete from ledger.event",
        "ledger_query, truncate ledger.event",
        "ledger_query, insert into ledger.event select * from ledger.event limit 1",
        "ledger_query, delete from ledger.claim",
        "ledger_query, delete from ledger.due"
    })
    void nobodyChangesHistory(String role, String change) throws SQLException {
        assertThat(one.append(events(Uuid7.next(), 0))).isInstanceOf(Stored.class);
        long before = head();
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("set role " + role);
            assertThatThrownBy(() -> statement.execute(change))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
        }
        assertThat(head()).isEqualTo(before);
    }

    @Test
    void aCutConnectionLosesNothingThatWasAcknowledgedAndDoublesNothing() throws Exception {
        PGSimpleDataSource marked = (PGSimpleDataSource) test.dataSource();
        marked.setApplicationName("cut-me");
        ConcurrentHashMap<UUID, Boolean> acknowledged = new ConcurrentHashMap<>();
        AtomicBoolean done = new AtomicBoolean();
        int cuts = 0;
        try (Appender victim = new Appender(marked, new SimpleMeterRegistry());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                writers.add(threads.submit(() -> {
                    while (!done.get()) {
                        UUID stream = Uuid7.next();
                        acknowledged.put(stream, false);
                        acknowledged.put(stream, victim.append(events(stream, 0)) instanceof Stored);
                    }
                }));
            }
            while (cuts < 25) {
                cuts += sql.sql(
                                "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'cut-me'")
                        .query(Integer.class)
                        .single();
            }
            done.set(true);
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        List<UUID> stored = sql.sql("select stream_id from ledger.event order by position")
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
        stored.retainAll(acknowledged.keySet());
        assertThat(acknowledged.values()).doesNotContain(false);
        assertThat(stored).doesNotHaveDuplicates().hasSameSizeAs(acknowledged.keySet());
    }

    @Test
    void anAppenderThatIsClosedTakesNothingMore() {
        Appender closed = new Appender(database, new SimpleMeterRegistry());
        closed.close();
        assertThatThrownBy(() -> closed.append(events(Uuid7.next(), 0)))
                .isInstanceOfSatisfying(
                        Rejected.class, e -> assertThat(e.problem()).isEqualTo(Problem.OVERLOADED));
    }

    /** Appends 1 to 3 events a time on streams of its own, and in between what must be refused; how many were stored. */
    private static int appendMany(SplittableRandom random) {
        int stored = 0;
        for (int i = 0; i < 40; i++) {
            Appender node = random.nextBoolean() ? one : two;
            UUID stream = new UUID(random.nextLong(), random.nextLong());
            int size = random.nextInt(1, 4);
            Append append = plain(IntStream.range(0, size)
                    .mapToObj(version -> event(stream, version, "{}"))
                    .toList());
            assertThat(node.append(append)).isInstanceOf(Stored.class);
            stored += size;
            assertThat(node.append(append)).isInstanceOf(Lost.class);
            assertThat(node.append(events(stream, size + 5))).isInstanceOf(Lost.class);
        }
        return stored;
    }

    private static List<Long> follow(long from, AtomicBoolean done) {
        List<Long> seen = new ArrayList<>();
        long last = from;
        boolean more = true;
        while (more) {
            boolean finished = done.get();
            List<Long> next = sql.sql("select position from ledger.event where position > ? order by position")
                    .param(last)
                    .query((row, _) -> row.getLong(1))
                    .list();
            seen.addAll(next);
            last = next.isEmpty() ? last : next.getLast();
            more = !finished || !next.isEmpty();
        }
        return seen;
    }

    @SafeVarargs
    private static List<Outcome> together(Callable<Outcome>... all) throws Exception {
        return together(List.of(all));
    }

    private static List<Outcome> together(List<Callable<Outcome>> all) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> outcome : threads.invokeAll(all)) {
                outcomes.add(outcome.get());
            }
            return outcomes;
        }
    }

    private static Append events(UUID stream, long... versions) {
        return plain(Arrays.stream(versions)
                .mapToObj(version -> event(stream, version, "{}"))
                .toList());
    }

    private static Append plain(List<NewEvent> events) {
        return new Append(TENANT, events, List.of(), null, List.of(), null);
    }

    private static Append claiming(UUID stream, long version, Claims... claims) {
        return new Append(TENANT, events(stream, version).events(), List.of(claims), null, List.of(), null);
    }

    private static Append guarded(UUID stream, UUID depends, long version) {
        Guard guard = new Guard(depends, version);
        return new Append(TENANT, events(stream, 0).events(), List.of(), null, List.of(guard), null);
    }

    private static Answer answer(String key, @Nullable UUID stream) {
        return new Answer("admin", key, new byte[] {1}, stream, 0, 0, null);
    }

    private static NewEvent event(UUID stream, long version, String payload) {
        return new NewEvent(
                Uuid7.next(),
                stream,
                "test",
                version,
                "subscription.reinstated",
                1,
                THEN,
                payload,
                "{\"actor\":\"test\"}");
    }

    private static long head() {
        return sql.sql("select coalesce(max(position), 0) from ledger.event")
                .query(Long.class)
                .single();
    }

    private static List<Long> versions(UUID stream) {
        return sql.sql("select version from ledger.event where stream_id = ? order by position")
                .param(stream)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    private static long count(String from) {
        return sql.sql("select count(*) from " + from).query(Long.class).single();
    }
}
