package ledger.standalone;

import ledger.testing.TestDatabase;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole system on a database of a test and a free port. */
record RunningLedger(ConfigurableApplicationContext context) implements AutoCloseable {

    static RunningLedger on(TestDatabase database) {
        return new RunningLedger(
                BothSides.start(new BothSides.Database(database.url(), database.user(), database.password()), 0));
    }

    String url() {
        return "http://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port");
    }

    @Override
    public void close() {
        context.close();
    }
}
