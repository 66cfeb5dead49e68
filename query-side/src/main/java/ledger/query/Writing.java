package ledger.query;

import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions of those who write what readers read. Connections are the readers' own: who writes becomes somebody else for it. */
@Component
public class Writing {

    private final JdbcClient database;
    private final TransactionTemplate transactions;

    Writing(DataSource database) {
        this.database = JdbcClient.create(database);
        this.transactions = new TransactionTemplate(new JdbcTransactionManager(database));
    }

    /** As the one who writes the rows of all tenants. */
    public <T> T asProjector(Supplier<T> work) {
        return as("ledger_projector", work);
    }

    /** As the one who owns the tables, and may make others. */
    public <T> T asOwner(Supplier<T> work) {
        return as("none", work);
    }

    private <T> T as(String role, Supplier<T> work) {
        return transactions.execute(_ -> {
            database.sql("set local role " + role).update();
            return work.get();
        });
    }
}
