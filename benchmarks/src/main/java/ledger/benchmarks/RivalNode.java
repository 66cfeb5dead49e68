package ledger.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** One of Axon's own storage engines, in a process of its own, on a database of its own on the ledger's server. */
final class RivalNode {

    private static final String MAIN = "ledger.benchmarks.rival.Rival";

    /** As many as wait for the disk together are stored together; all clients of PostgreSQL want the same. */
    private static final int POOL = 32;

    private RivalNode() {}

    static Child start(String engine, Postgres server, Path directory)
            throws IOException, InterruptedException, SQLException {
        Postgres database = server.create("axon_" + engine);
        int port = Child.freePort();
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseParallelGC",
                "-Daxoniq.update-checker.disabled=true",
                "-cp",
                System.getProperty("java.class.path"),
                MAIN,
                engine,
                "--server.port=" + port,
                "--server.address=127.0.0.1",
                "--server.tomcat.max-keep-alive-requests=-1",
                "--spring.threads.virtual.enabled=true",
                "--spring.main.banner-mode=off",
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + Postgres.USER,
                "--spring.datasource.password=" + database.password(),
                "--spring.datasource.hikari.maximum-pool-size=" + POOL,
                "--spring.datasource.hikari.minimum-idle=" + POOL,
                "--spring.jpa.hibernate.ddl-auto=update",
                "--spring.jpa.open-in-view=false",
                "--spring.jpa.properties.hibernate.dialect=ledger.benchmarks.rival.JpaEngine$Dialect");
        Path log = directory.resolve("axon-" + engine + ".log");
        // An id that nobody has: the handler behind it does nothing.
        return Child.start(command, Map.of(), port, "/v1/subscriptions/00000000-0000-0000-0000-000000000000", log);
    }
}
