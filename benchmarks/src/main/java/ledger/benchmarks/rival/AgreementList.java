package ledger.benchmarks.rival;

import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import ledger.benchmarks.rival.Agreement.Canceled;
import ledger.benchmarks.rival.Agreement.QuantityChanged;
import ledger.benchmarks.rival.Agreement.Subscribed;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.PostgresTokenTableFactory;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.serialization.Serializer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A read model as Axon's guides have it: handlers that write a row for each event, replayed by Axon's pooled streaming processor. */
@RestController
public class AgreementList {

    /** Axon's default is 1, with a token to be stored for each event. */
    private static final int BATCH = 500;

    private static final Duration LOOK = Duration.ofMillis(5);

    private final JdbcTemplate database;
    private final PooledStreamingEventProcessor processor;
    private final LongAdder handled = new LongAdder();

    AgreementList(DataSource source, EmbeddedEventStore store, TransactionManager transactions, Serializer serializer) {
        this.database = new JdbcTemplate(source);
        JdbcTokenStore tokens = JdbcTokenStore.builder()
                .connectionProvider(new TransactionAwareDataSourceProxy(source)::getConnection)
                .serializer(serializer)
                .build();
        transactions.executeInTransaction(() -> tokens.createSchema(PostgresTokenTableFactory.INSTANCE));
        database.execute("""
                create table if not exists agreement (
                    id uuid primary key, customer text, plan text, status text, quantity int, charge bigint, currency text,
                    starts timestamptz, ends timestamptz)
                """);
        database.execute("create index if not exists agreement_customer on agreement (customer)");
        this.processor = PooledStreamingEventProcessor.builder()
                .name("agreements")
                .eventHandlerInvoker(SimpleEventHandlerInvoker.builder()
                        .eventHandlers(List.of(this))
                        .build())
                .messageSource(store)
                .tokenStore(tokens)
                .transactionManager(transactions)
                .coordinatorExecutor(name -> Executors.newSingleThreadScheduledExecutor())
                .workerExecutor(name ->
                        Executors.newScheduledThreadPool(Runtime.getRuntime().availableProcessors()))
                .batchSize(BATCH)
                .build();
    }

    /** How many events were handled in how long. */
    public record Replayed(long events, long nanos) {}

    /** Begins anew, and stops after that many events or seconds. */
    @PostMapping("/replay")
    Replayed replay(@RequestParam long events, @RequestParam int seconds) throws InterruptedException {
        database.execute("truncate agreement");
        database.execute("truncate tokenentry");
        handled.reset();
        processor.start();
        long begin = System.nanoTime();
        while (handled.sum() < events && System.nanoTime() - begin < seconds * 1_000_000_000L) {
            Thread.sleep(LOOK);
        }
        Replayed replayed = new Replayed(handled.sum(), System.nanoTime() - begin);
        processor.shutDown();
        return replayed;
    }

    @EventHandler
    void on(Subscribed event) {
        write(
                "insert into agreement values (?, ?, ?, 'ACTIVE', ?, ?, ?, ?, ?)",
                event.subscription(),
                event.customer(),
                event.plan().slug(),
                event.quantity(),
                event.charge().amount(),
                event.charge().currency(),
                Timestamp.from(event.period().start()),
                Timestamp.from(event.period().end()));
    }

    @EventHandler
    void on(QuantityChanged event) {
        write(
                "update agreement set quantity = ?, charge = ? where id = ?",
                event.quantity(),
                event.charge().amount(),
                event.subscription());
    }

    @EventHandler
    void on(Canceled event) {
        write("update agreement set status = 'CANCELED' where id = ?", event.subscription());
    }

    private void write(String sql, Object... values) {
        database.update(sql, values);
        handled.increment();
    }
}
