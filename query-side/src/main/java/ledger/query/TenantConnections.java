package ledger.query;

import com.github.benmanes.caffeine.cache.Cache;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.function.Supplier;
import javax.sql.DataSource;
import ledger.http.Caches;
import ledger.http.Caller;
import org.postgresql.PGConnection;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.util.function.SingletonSupplier;

/**
 * Connections that show the rows of the caller's tenant, and none to a thread that serves no caller; to the replica, if the caller's
 * request reads there. The database is told only when a connection goes to another tenant than last time.
 */
final class TenantConnections extends DelegatingDataSource {

    private static final String NOBODY = "";

    private final Cache<PGConnection, String> told = Caches.builder().weakKeys().build();

    private final Supplier<Replica> replica;

    TenantConnections(DataSource pool, ObjectProvider<Replica> replica) {
        super(pool);
        this.replica = SingletonSupplier.of(replica::getObject);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection elsewhere = replica.get().connection();
        Connection connection = elsewhere == null ? super.getConnection() : elsewhere;
        try {
            tell(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private void tell(Connection connection) throws SQLException {
        Caller caller = Caller.current();
        String tenant = caller == null ? NOBODY : caller.tenant().value();
        PGConnection physical = connection.unwrap(PGConnection.class);
        if (tenant.equals(told.getIfPresent(physical))) {
            return;
        }
        told.invalidate(physical);
        try (PreparedStatement set = connection.prepareStatement("select set_config('ledger.tenant', ?, false)")) {
            set.setString(1, tenant);
            set.execute();
        }
        told.put(physical, tenant);
    }

    /** Puts itself before the pool of the query side, and has names of tables mean those of this version. */
    static final class Wrapper implements BeanPostProcessor {

        private final ObjectProvider<Versions> versions;
        private final ObjectProvider<Replica> replica;

        Wrapper(ObjectProvider<Versions> versions, ObjectProvider<Replica> replica) {
            this.versions = versions;
            this.replica = replica;
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (!(bean instanceof HikariDataSource pool) || !name.equals("dataSource")) {
                return bean;
            }
            pool.setConnectionInitSql(pool.getConnectionInitSql() + "; set search_path = "
                    + versions.getObject().searchPath());
            return new TenantConnections(pool, replica);
        }
    }
}
