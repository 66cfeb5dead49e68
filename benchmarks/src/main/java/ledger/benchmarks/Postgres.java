package ledger.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** One database of the PostgreSQL that the ledger brings along: everybody that is compared stores on that one server. */
record Postgres(ProcessHandle postmaster, int port, String password, String database) {

    static final String USER = "ledger";

    private static final List<String> DURABLE = List.of("fsync", "full_page_writes", "synchronous_commit");

    private static final List<String> SETTINGS =
            List.of("server_version", "shared_buffers", "max_wal_size", "wal_compression", "checkpoint_timeout");

    /** The running server of a ledger's data directory; it must be durable. */
    static Postgres of(Path ledgerData) throws IOException, SQLException {
        Path home = ledgerData.resolve("postgres");
        List<String> pidFile = Files.readAllLines(home.resolve("data/postmaster.pid"));
        Postgres server = new Postgres(
                ProcessHandle.of(Long.parseLong(pidFile.getFirst().strip())).orElseThrow(),
                Integer.parseInt(pidFile.get(3).strip()),
                Files.readString(home.resolve("password")).strip(),
                "ledger");
        for (String promise : DURABLE) {
            String setting = server.ask("show " + promise).orElse("");
            if (!setting.equals("on")) {
                throw new IllegalStateException(promise + " is " + setting + ": nothing that is measured would count");
            }
        }
        return server;
    }

    Map<String, String> settings() throws SQLException {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : SETTINGS) {
            settings.put(name, ask("show " + name).orElse(""));
        }
        for (String name : DURABLE) {
            settings.put(name, ask("show " + name).orElse(""));
        }
        return settings;
    }

    /** Another, new database on the same server. */
    Postgres create(String name) throws SQLException {
        execute("create database " + name);
        return named(name);
    }

    /** Another database that is there. */
    Postgres named(String name) {
        return new Postgres(postmaster, port, password, name);
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", password);
        return DriverManager.getConnection(url(), properties);
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row. */
    Optional<String> ask(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
        }
    }
}
