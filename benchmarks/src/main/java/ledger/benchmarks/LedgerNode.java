package ledger.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A ledger as its user starts it, {@code ./ledger serve}, with everything switched on. */
record LedgerNode(Child child, Path data, Duration startUp) implements AutoCloseable {

    /** On a PostgreSQL of its own, in {@code data}. */
    static LedgerNode start(Path script, Path data, Map<String, String> settings)
            throws IOException, InterruptedException {
        int port = Child.freePort();
        Files.createDirectories(data);
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("LEDGER_DATA", data.toString());
        environment.put("LEDGER_PORT", Integer.toString(port));
        long begin = System.nanoTime();
        Child child = Child.start(
                List.of(script.toString(), "serve"),
                environment,
                port,
                "/actuator/health/readiness",
                data.resolve("serve.log"));
        return new LedgerNode(child, data, Duration.ofNanos(System.nanoTime() - begin));
    }

    /** On a database of another node's server. */
    static LedgerNode startOn(Postgres database, Path script, Path data, Map<String, String> settings)
            throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(settings);
        all.put("LEDGER_DATABASE_URL", database.url());
        all.put("LEDGER_DATABASE_USER", Postgres.USER);
        all.put("LEDGER_DATABASE_PASSWORD", database.password());
        return start(script, data, all);
    }

    Postgres postgres() throws IOException, SQLException {
        return Postgres.of(data);
    }

    Api api() {
        return new Api(child.url(), data);
    }

    /** What it calls itself in its tokens. */
    String issuer() {
        return "http://localhost:" + child.address().getPort();
    }

    @Override
    public void close() {
        child.close();
    }
}
