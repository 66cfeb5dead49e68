package ledger.query;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.stereotype.Component;

/** Connections beside the pool, for threads that hold one as long as they run. */
@Component
public final class OwnConnections {

    private final JdbcConnectionDetails database;

    OwnConnections(JdbcConnectionDetails database) {
        this.database = database;
    }

    /** As {@code role}. A server that says nothing for so long has vanished. */
    public Connection open(String name, String role, Duration silence) throws SQLException {
        Properties properties = new Properties();
        Optional.ofNullable(database.getUsername()).ifPresent(user -> properties.setProperty("user", user));
        Optional.ofNullable(database.getPassword()).ifPresent(secret -> properties.setProperty("password", secret));
        properties.setProperty("ApplicationName", name);
        properties.setProperty("socketTimeout", Long.toString(silence.toSeconds()));
        Connection connection = DriverManager.getConnection(database.getJdbcUrl(), properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set role " + role);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
